import { proxyLocalActivities } from '@temporalio/workflow';
import { appointmentWorkflow as today } from '../../../workflows/appointment/workflow.ts';
import type { AppointmentInput } from '../../../workflows/appointment/messages.ts';

const { tellProvider } = proxyLocalActivities<{ tellProvider: (id: string) => Promise<void> }>({
  startToCloseTimeout: '10s',
});

/** A step before the reservation, which was the first in the recorded lives. */
export async function appointmentWorkflow(input: AppointmentInput) {
  await tellProvider(input.appointmentId);
  return today(input);
}
