import type { ClinicSetUp } from '../../db/commands/clinics/set-up.ts';
import { type ClinicId, type PatientId, asId } from '../../domain/ids.ts';
import { apiKey, hours, numberedIds, provider, visitType } from './describe.ts';

const id = numberedIds('6d61726b-7400');

const checkUp = visitType(id(201), {
  names: { de: 'Kontrolle', en: 'Check-up' },
  durationMinutes: 20,
  gridMinutes: 10,
});
const treatment = visitType(id(202), {
  names: { de: 'Behandlung', en: 'Treatment' },
  durationMinutes: 45,
  bufferBeforeMinutes: 5,
  bufferAfterMinutes: 10,
});
const orthodontics = visitType(id(203), {
  names: { de: 'Kieferorthopädie', en: 'Orthodontics' },
  durationMinutes: 30,
  selfService: { cancel: 'staffOnly', move: 'staffOnly' },
  backfill: false,
});

const fullDays = hours([1, 2, 4], ['08:00', '12:30'], ['14:00', '18:00']);
const halfDays = hours([3, 5], ['08:00', '13:00']);

export const marktId = asId<ClinicId>(id(1));

/** Praxis am Markt, Berlin. The patients' numbers are of the range that the regulator keeps free for film and stage. */
export const markt: ClinicSetUp = {
  clinic: {
    slug: 'markt',
    name: 'Praxis am Markt',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    languages: ['de', 'en'],
    phone: '+493023125100',
    address: 'Am Markt 3, 10178 Berlin',
    // The demonstration may be told many times a day, always at the same hours of its weeks.
    policy: { caps: { messagesPerRecipientAndHour: 100 } },
  },
  senders: [
    { id: id(51), channel: 'sms', address: '+4915110000001' },
    { id: id(52), channel: 'email', address: 'vuoro@markt.example' },
  ],
  apiKeys: [apiKey(id(61), 'vk_test_markt_staff')],
  visitTypes: [checkUp, treatment, orthodontics],
  providers: [
    provider(id(101), 'Dr. Jonas Weber', [...fullDays, ...halfDays], [checkUp, treatment]),
    provider(id(102), 'Dr. Leyla Aydın', fullDays, [checkUp, treatment, orthodontics]),
  ],
  patients: [
    { ...patient(301, 'Clara', 'Neumann', '+491713920001', 'de'), email: 'clara@example.org', birthOn: '1979-08-23' },
    { ...patient(302, 'Emre', 'Yıldız', '+491713920002', 'de'), birthOn: '2000-01-17' },
    { ...patient(303, 'Nora', 'Fitzgerald', '+491713920003', 'en'), externalId: 'M-303' },
  ],
};

function patient(number: number, firstName: string, lastName: string, mobile: string, language: string) {
  return { id: asId<PatientId>(id(number)), firstName, lastName, mobile, language };
}
