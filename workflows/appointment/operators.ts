import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Appointment, AppointmentStatus } from '../../domain/appointment.ts';
import { type Plan, type PlannedStep, inUtc } from '../../domain/plan.ts';
import {
  appointmentStatusAttribute,
  patientRefAttribute,
  providerIdAttribute,
  startsAtAttribute,
} from '../search-attributes.ts';

const sentences: Record<AppointmentStatus, string> = {
  held: 'Held while somebody fills in a form.',
  pending: 'Reserved; waits for the patient to confirm it.',
  booked: 'Booked.',
  completed: 'The visit took place.',
  noShow: 'The patient did not come.',
  cancelled: 'Cancelled; the time is free again.',
  expired: 'Nobody confirmed it in time; the time is free again.',
};

/** Shows operators, in sentences, where this life stands and what comes next. Costs no event. */
export function showDetails({ status, startsAt, version, revision }: Appointment, plan: Plan): void {
  const next = plan.map((step) => `- ${timeOf(step)}: ${step.kind} (\`${step.key}\`)`);
  setCurrentDetails(
    [
      `**${status}** ${sentences[status]}`,
      `Starts at ${inUtc(startsAt)}. Version ${version}, revision ${revision}.`,
      ...(next.length > 0 ? ['', 'Next:', ...next] : []),
    ].join('\n'),
  );
}

/** When it is due, for people. */
export function timeOf({ local }: PlannedStep): string {
  return local.endsWith('UTC') ? local : `${local} clinic time`;
}

/** Says that nothing was reserved: the status attribute, set at the start, names what was wanted. Costs no event. */
export function showRefusal(code: string): void {
  setCurrentDetails(`**Refused** with \`${code}\`: nothing was reserved.`);
}

/** Keeps searchable what has changed: one upsert, and none where operators would see no difference. */
export function showChange(before: Appointment, after: Appointment): void {
  const { status, startsAt, providerId, patientId } = after;
  const changed = [
    ...(status === before.status ? [] : [{ key: appointmentStatusAttribute, value: status }]),
    ...(startsAt === before.startsAt ? [] : [{ key: startsAtAttribute, value: new Date(startsAt) }]),
    ...(providerId === before.providerId ? [] : [{ key: providerIdAttribute, value: providerId }]),
    ...(patientId === before.patientId ? [] : [{ key: patientRefAttribute, value: patientId }]),
  ];
  if (changed.length > 0) upsertSearchAttributes(changed);
}
