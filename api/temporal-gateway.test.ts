import { expect, it } from 'vitest';
import {
  type AppointmentId,
  type ClinicId,
  type PatientId,
  type ProviderId,
  type RequestId,
  type VisitTypeId,
  asId,
} from '../domain/ids.ts';
import { freePort } from '../scripts/local-stack/ports.ts';
import { temporalGateway } from './temporal-gateway.ts';

it('starts while Temporal is away, and says so within the time it was given', async () => {
  const gateway = temporalGateway({
    address: `127.0.0.1:${await freePort()}`,
    namespace: 'default',
    taskQueue: 'none',
  });
  const input = {
    clinicId: asId<ClinicId>('c'),
    appointmentId: asId<AppointmentId>('a'),
    requestId: asId<RequestId>('r'),
    mode: 'book',
    actor: 'staff',
    patientId: asId<PatientId>('p'),
    visitTypeId: asId<VisitTypeId>('v'),
    providerId: asId<ProviderId>('p'),
    startsAt: 0,
    confirmBy: null,
    notify: true,
    allowPatientOverlap: false,
    remind: true,
  } as const;
  await expect(gateway.reserve(input, 'summary', 300)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  const request = { requestId: input.requestId, actor: 'staff', hasReason: false } as const;
  await expect(gateway.act('confirm', 'w', request, 300)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(await gateway.isReady()).toBe(false);
  await gateway.close();
});
