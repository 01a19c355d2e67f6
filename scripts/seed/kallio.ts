import type { ClinicSetUp } from '../../db/commands/clinics/set-up.ts';
import { type ClinicId, type PatientId, asId } from '../../domain/ids.ts';
import { apiKey, hours, numberedIds, provider, visitType } from './describe.ts';

const id = numberedIds('6b616c6c-696f');

const checkUp = visitType(id(201), {
  names: { fi: 'Hammastarkastus', sv: 'Tandkontroll', en: 'Check-up' },
  durationMinutes: 30,
});
const filling = visitType(id(202), {
  names: { fi: 'Paikkaus', sv: 'Tandfyllning', en: 'Filling' },
  durationMinutes: 45,
  bufferAfterMinutes: 15,
});
const hygiene = visitType(id(203), {
  names: { fi: 'Suuhygienisti', sv: 'Munhygienist', en: 'Dental hygienist' },
  durationMinutes: 60,
  gridMinutes: 30,
});
const orthodontics = visitType(id(204), {
  names: { fi: 'Oikomishoito', sv: 'Tandreglering', en: 'Orthodontics' },
  durationMinutes: 40,
  gridMinutes: 20,
  selfService: { cancel: 'staffOnly', move: 'staffOnly' },
  backfill: false,
});

const day = hours([1, 2, 3, 5], ['08:00', '12:00'], ['12:30', '16:00']);
const longDay = hours([4], ['10:00', '14:00'], ['14:30', '18:30']);

export const kallioId = asId<ClinicId>(id(1));

/** Kallion hammashoitola, Helsinki. The patients are made up, and so are their numbers. */
export const kallio: ClinicSetUp = {
  clinic: {
    slug: 'kallio',
    name: 'Kallion hammashoitola',
    country: 'FI',
    timeZone: 'Europe/Helsinki',
    languages: ['fi', 'sv', 'en'],
    phone: '+35891000100',
    address: 'Hämeentie 1, 00530 Helsinki',
    policy: { proposals: { afterCannotCome: 3 } },
  },
  senders: [
    { id: id(51), channel: 'sms', address: '+358401000001' },
    { id: id(52), channel: 'email', address: 'vuoro@kallio.example' },
  ],
  apiKeys: [apiKey(id(61), 'vk_test_kallio_staff'), apiKey(id(62), 'vk_test_kallio_web', ['patient', 'guardian'])],
  visitTypes: [checkUp, filling, hygiene, orthodontics],
  providers: [
    provider(id(101), 'Aino Virtanen', [...day, ...longDay], [checkUp, filling]),
    provider(id(102), 'Mikko Lindholm', day, [checkUp, filling, orthodontics]),
    provider(id(103), 'Hygienistin huone', [...day, ...longDay], [hygiene]),
  ],
  patients: [
    { ...patient(301, 'Eino', 'Koskinen', '+358401000101', 'fi'), email: 'eino@example.org', birthOn: '1958-05-14' },
    { ...patient(302, 'Helmi', 'Rantanen', '+358401000102', 'fi'), birthOn: '1991-11-02' },
    { ...patient(303, 'Astrid', 'Söderholm', '+358401000103', 'sv'), email: 'astrid@example.org' },
    { ...patient(304, 'Grace', 'Okafor', '+358401000104', 'en'), birthOn: '1987-02-28' },
    { ...patient(305, 'Väinö', 'Mäkelä', '+358401000105', null), externalId: 'K-305' },
  ],
};

function patient(number: number, firstName: string, lastName: string, mobile: string, language: string | null) {
  return { id: asId<PatientId>(id(number)), firstName, lastName, mobile, language };
}
