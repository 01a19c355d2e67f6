import type { Language } from '../../../domain/spoken-time.ts';

/** What the page can say of a visit. `over`: its time is past. */
export type Situation = 'waiting' | 'booked' | 'cancelled' | 'expired' | 'over';

export interface PageTexts {
  title: string;
  /** The status in two or three words, and what it means for the patient. */
  status: Record<Situation, string>;
  meaning: Record<Situation, string>;
  /** With {until}. */
  answerBy: string;
  confirm: string;
  when: string;
  where: string;
  /** The time of day, with {time}. */
  hour: string;
  /** With {phone}: for whoever has a visit to come, and for whoever has none. */
  call: string;
  callUs: string;
  unavailable: string;
  notFound: string;
  notFoundMeaning: string;
}

const en: PageTexts = {
  title: 'Your appointment',
  status: {
    waiting: 'Waiting for your answer',
    booked: 'Confirmed',
    cancelled: 'Cancelled',
    expired: 'No longer held',
    over: 'Past',
  },
  meaning: {
    waiting: 'We are holding this time for you. Please confirm that you are coming.',
    booked: 'The time is yours. There is nothing more to do.',
    cancelled: 'This appointment has been cancelled. Call us if you would like a new time.',
    expired: 'The time was not confirmed, so it is no longer held for you. Call us for a new one.',
    over: 'The time of this appointment has passed.',
  },
  answerBy: 'Please answer by {until}.',
  confirm: 'Confirm this time',
  when: 'When',
  where: 'Where',
  hour: '{time}',
  call: 'Questions, or unable to come? Call {phone}',
  callUs: 'Our number: {phone}',
  unavailable: 'We could not save your answer just now. Nothing is lost: please try again in a minute.',
  notFound: 'This link does not open anything',
  notFoundMeaning:
    'It may have been cut short, or it is too old. Please open it from the message again, or call your clinic.',
};

const fi: PageTexts = {
  title: 'Aikasi',
  status: {
    waiting: 'Odottaa vastaustasi',
    booked: 'Vahvistettu',
    cancelled: 'Peruttu',
    expired: 'Varaus rauennut',
    over: 'Mennyt',
  },
  meaning: {
    waiting: 'Olemme varanneet tämän ajan sinulle. Vahvista, että tulet.',
    booked: 'Aika on sinun. Sinun ei tarvitse tehdä muuta.',
    cancelled: 'Tämä aika on peruttu. Soita meille, jos haluat uuden ajan.',
    expired: 'Aikaa ei vahvistettu, joten se ei ole enää varattuna sinulle. Soita meille, niin etsimme uuden.',
    over: 'Tämän ajan ajankohta on jo mennyt.',
  },
  answerBy: 'Vastaa viimeistään {until}.',
  confirm: 'Vahvista aika',
  when: 'Milloin',
  where: 'Missä',
  hour: 'klo {time}',
  call: 'Kysyttävää, tai etkö pääse tulemaan? Soita {phone}',
  callUs: 'Numeromme: {phone}',
  unavailable: 'Emme voineet tallentaa vastaustasi juuri nyt. Mitään ei ole menetetty: yritä hetken päästä uudelleen.',
  notFound: 'Linkki ei avaa mitään',
  notFoundMeaning: 'Se on ehkä katkennut tai liian vanha. Avaa se uudelleen viestistä tai soita hoitopaikkaasi.',
};

const sv: PageTexts = {
  title: 'Din tid',
  status: {
    waiting: 'Väntar på ditt svar',
    booked: 'Bekräftad',
    cancelled: 'Avbokad',
    expired: 'Inte längre reserverad',
    over: 'Har varit',
  },
  meaning: {
    waiting: 'Vi håller den här tiden åt dig. Bekräfta att du kommer.',
    booked: 'Tiden är din. Du behöver inte göra något mer.',
    cancelled: 'Den här tiden är avbokad. Ring oss om du vill ha en ny.',
    expired: 'Tiden bekräftades inte och hålls därför inte längre åt dig. Ring oss för en ny.',
    over: 'Den här tiden har redan varit.',
  },
  answerBy: 'Svara senast {until}.',
  confirm: 'Bekräfta tiden',
  when: 'När',
  where: 'Var',
  hour: 'kl. {time}',
  call: 'Har du frågor eller kan du inte komma? Ring {phone}',
  callUs: 'Vårt nummer: {phone}',
  unavailable: 'Vi kunde inte spara ditt svar just nu. Inget är förlorat: försök igen om en stund.',
  notFound: 'Länken öppnar ingenting',
  notFoundMeaning:
    'Den kan ha klippts av eller är för gammal. Öppna den från meddelandet igen eller ring din mottagning.',
};

const de: PageTexts = {
  title: 'Ihr Termin',
  status: {
    waiting: 'Wartet auf Ihre Antwort',
    booked: 'Bestätigt',
    cancelled: 'Abgesagt',
    expired: 'Nicht mehr reserviert',
    over: 'Vorbei',
  },
  meaning: {
    waiting: 'Wir halten diesen Termin für Sie frei. Bitte bestätigen Sie, dass Sie kommen.',
    booked: 'Der Termin gehört Ihnen. Sie müssen nichts weiter tun.',
    cancelled: 'Dieser Termin ist abgesagt. Rufen Sie uns an, wenn Sie einen neuen möchten.',
    expired:
      'Der Termin wurde nicht bestätigt und ist nicht mehr für Sie reserviert. Rufen Sie uns für einen neuen an.',
    over: 'Dieser Termin liegt in der Vergangenheit.',
  },
  answerBy: 'Bitte antworten Sie bis {until}.',
  confirm: 'Termin bestätigen',
  when: 'Wann',
  where: 'Wo',
  hour: '{time} Uhr',
  call: 'Fragen, oder sind Sie verhindert? Rufen Sie an: {phone}',
  callUs: 'Unsere Nummer: {phone}',
  unavailable:
    'Wir konnten Ihre Antwort gerade nicht speichern. Nichts ist verloren: Bitte versuchen Sie es gleich noch einmal.',
  notFound: 'Dieser Link öffnet nichts',
  notFoundMeaning:
    'Vielleicht wurde er abgeschnitten oder ist zu alt. Öffnen Sie ihn noch einmal aus der Nachricht oder rufen Sie Ihre Praxis an.',
};

const it: PageTexts = {
  title: 'Il suo appuntamento',
  status: {
    waiting: 'In attesa della sua risposta',
    booked: 'Confermato',
    cancelled: 'Annullato',
    expired: 'Non più riservato',
    over: 'Passato',
  },
  meaning: {
    waiting: 'Abbiamo riservato questo orario per lei. Ci confermi che verrà.',
    booked: 'L’orario è suo. Non deve fare altro.',
    cancelled: 'Questo appuntamento è stato annullato. Ci chiami se desidera un nuovo orario.',
    expired: 'L’orario non è stato confermato e non è più riservato per lei. Ci chiami per uno nuovo.',
    over: 'Questo appuntamento è già passato.',
  },
  answerBy: 'Risponda entro {until}.',
  confirm: 'Confermi l’orario',
  when: 'Quando',
  where: 'Dove',
  hour: 'ore {time}',
  call: 'Domande, o non può venire? Chiami {phone}',
  callUs: 'Il nostro numero: {phone}',
  unavailable: 'Non abbiamo potuto salvare la sua risposta. Nulla è perduto: riprovi tra un minuto.',
  notFound: 'Questo link non apre nulla',
  notFoundMeaning: 'Forse è stato troncato o è troppo vecchio. Lo apra di nuovo dal messaggio o chiami lo studio.',
};

export const pageTexts: Record<Language, PageTexts> = { en, fi, sv, de, it };
