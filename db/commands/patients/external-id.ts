import { Refusal } from '../../../domain/errors.ts';

export function externalIdTaken(): Refusal {
  return new Refusal('VALIDATION_FAILED', 'The external id belongs to another patient.', [
    { pointer: '/externalId', detail: 'is the external id of another patient' },
  ]);
}
