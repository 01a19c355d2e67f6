import { defineSearchAttributeKey } from '@temporalio/common';

/** What operators can search for. Ids, a status and an instant: never a name, a number or a text. */
export const clinicIdAttribute = defineSearchAttributeKey('ClinicId', 'KEYWORD');
export const providerIdAttribute = defineSearchAttributeKey('ProviderId', 'KEYWORD');
export const appointmentStatusAttribute = defineSearchAttributeKey('AppointmentStatus', 'KEYWORD');
export const openingStatusAttribute = defineSearchAttributeKey('OpeningStatus', 'KEYWORD');
export const startsAtAttribute = defineSearchAttributeKey('StartsAt', 'DATETIME');
export const patientRefAttribute = defineSearchAttributeKey('PatientRef', 'KEYWORD');
