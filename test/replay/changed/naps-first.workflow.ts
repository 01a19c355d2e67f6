import { sleep } from '@temporalio/workflow';
import { appointmentWorkflow as today } from '../../../workflows/appointment/workflow.ts';
import type { AppointmentInput } from '../../../workflows/appointment/messages.ts';

/** A timer more than the recorded lives had. */
export async function appointmentWorkflow(input: AppointmentInput) {
  await sleep('1 second');
  return today(input);
}
