import {
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, it, vi } from 'vitest';
import { outcomeOf, untilSeen } from './temporal-outcomes.ts';

const grpc = (code: number, details = '') =>
  new ServiceError('call failed', { cause: Object.assign(new Error('details'), { code, details, metadata: {} }) });

it('passes a refusal on with its code and fields', async () => {
  const errors = [{ pointer: '/reason', detail: 'says why' }];
  const failure = ApplicationFailure.create({ type: 'REASON_REQUIRED', message: 'Give a reason.', details: [errors] });
  expect(await outcomeOf(Promise.reject(new WorkflowUpdateFailedError('failed', failure)))).toMatchObject({
    outcome: 'refused',
    refusal: { code: 'REASON_REQUIRED', message: 'Give a reason.', errors },
  });
});

it.each([
  ['not found', new WorkflowNotFoundError('gone', 'w', undefined)],
  ['started and ended before', new WorkflowExecutionAlreadyStartedError('done', 'w', 'appointmentWorkflow')],
  [
    'ended under the update',
    new WorkflowUpdateFailedError('failed', ApplicationFailure.create({ type: 'AcceptedUpdateCompletedWorkflow' })),
  ],
])('tells apart a life that is over: %s', async (_what, error) => {
  expect(await outcomeOf(Promise.reject(error))).toEqual({ outcome: 'closed' });
});

it.each([
  ['time-out', new WorkflowUpdateRPCTimeoutOrCancelledError('late')],
  ['deadline', grpc(4)],
  ['too many at once', grpc(8)],
  ['unavailable', grpc(14)],
])('asks to come back after: %s', async (_what, error) => {
  await expect(outcomeOf(Promise.reject(error))).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
});

it.each([
  ['an unknown failure', new WorkflowUpdateFailedError('failed', ApplicationFailure.create({ type: 'FENCED' }))],
  ['a wrong namespace', grpc(3)],
  ['a fault of our own', new TypeError('x')],
])('hides nothing else: %s', async (_what, error) => {
  await expect(outcomeOf(Promise.reject(error))).rejects.toBe(error);
});

it('asks again for what the server turned away unseen, and for nothing else', async () => {
  const failed = (type: string) => new WorkflowUpdateFailedError('failed', ApplicationFailure.create({ type }));
  const unseen = failed('UnprocessedUpdate');
  const call = vi
    .fn<() => Promise<never>>()
    .mockRejectedValueOnce(unseen)
    .mockRejectedValueOnce(unseen)
    .mockRejectedValueOnce(failed('SLOT_TAKEN'));
  await expect(untilSeen(call)).rejects.toMatchObject({ cause: { type: 'SLOT_TAKEN' } });
  expect(call).toHaveBeenCalledTimes(3);
});

it('asks again for what is one too many for a run, of which the next one takes it', async () => {
  const full = grpc(
    9,
    'The limit 2000 for the total number of distinct updates for a workflow execution has been reached',
  );
  const call = vi.fn<() => Promise<string>>().mockRejectedValueOnce(full).mockResolvedValueOnce('done');
  expect(await untilSeen(call)).toBe('done');
  await expect(untilSeen(() => Promise.reject(grpc(9)))).rejects.toMatchObject({ cause: { code: 9 } });
});
