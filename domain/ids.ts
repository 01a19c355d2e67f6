/** Ids are UUID strings; the brand keeps a patient's id from being passed for a provider's. */
type Id<Name extends string> = string & { readonly __id: Name };

export type ClinicId = Id<'clinic'>;
export type ProviderId = Id<'provider'>;
export type VisitTypeId = Id<'visitType'>;
export type PatientId = Id<'patient'>;
export type AppointmentId = Id<'appointment'>;
/** One request to change something: update id, command id and audit id at once, so that a repeat is recognised everywhere. */
export type RequestId = Id<'request'>;
export type NotificationId = Id<'notification'>;
export type MessageId = Id<'message'>;
export type InboundMessageId = Id<'inboundMessage'>;
export type TaskId = Id<'task'>;
export type RuleChangeId = Id<'ruleChange'>;
export type QuestionId = Id<'question'>;
export type OpeningId = Id<'opening'>;
export type OfferId = Id<'offer'>;
export type WaitingListEntryId = Id<'waitingListEntry'>;
export type ProposalId = Id<'proposal'>;
export type FreeTextId = Id<'freeText'>;

/** Brands a string that is known to be an id of that kind (from the database, a validated body, or freshly made). */
export function asId<T extends Id<string>>(value: string): T {
  return value as T;
}

/** A UUID made of a digest (version 8 of RFC 9562), so that whoever computes it from the same name finds the same. */
export function uuidOf(digest: Uint8Array): string {
  const bytes = digest.slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The workflow that is this appointment's life, from reservation to close. */
export function appointmentWorkflowId(clinicId: ClinicId, appointmentId: AppointmentId): string {
  return `appointment/${clinicId}/${appointmentId}`;
}

/** The workflow that finds out what became of a message whose outcome at the transport is unknown. */
export function deliveryWorkflowId(clinicId: ClinicId, messageId: MessageId): string {
  return `delivery/${clinicId}/${messageId}`;
}

/** The workflow that handles one inbound text; the same provider message always leads to the same workflow. */
export function inboundWorkflowId(clinicId: ClinicId, inboundMessageId: InboundMessageId): string {
  return `inbound/${clinicId}/${inboundMessageId}`;
}

/** The workflow that tells a clinic's open appointments of one change of its reminder rules. */
export function ruleChangeWorkflowId(clinicId: ClinicId, ruleChangeId: RuleChangeId): string {
  return `rule-change/${clinicId}/${ruleChangeId}`;
}

/** The workflow that offers one freed time until it is given away, withdrawn, or nobody is left. */
export function openingWorkflowId(clinicId: ClinicId, openingId: OpeningId): string {
  return `opening/${clinicId}/${openingId}`;
}

/** The workflow that keeps the times of one proposal for a patient until an answer comes or its time is up. */
export function proposalWorkflowId(clinicId: ClinicId, proposalId: ProposalId): string {
  return `proposal/${clinicId}/${proposalId}`;
}

/** The workflow that sends one text which staff wrote themselves. */
export function freeTextWorkflowId(clinicId: ClinicId, freeTextId: FreeTextId): string {
  return `free-text/${clinicId}/${freeTextId}`;
}
