import type { Letters } from './letter.ts';

const view = 'Termin ansehen';
const answer = 'Antworten';

export const de: Letters = {
  words: {
    when: 'Wann',
    where: 'Wo',
    answerBy: 'Bitte antworten Sie bis',
    insteadOf: 'Bisher',
    call: 'Fragen? Rufen Sie uns an: {{ phone }}',
    automatic: 'Diese Nachricht wurde automatisch versandt.',
    calendarEntry: 'Termin',
  },
  letters: {
    booked: {
      subject: 'Ihr Termin: {{ clinic }}',
      heading: 'Ihr Termin ist gebucht',
      lead: 'Wir freuen uns auf Sie. Sollte Ihnen etwas dazwischenkommen, sagen Sie uns bitte rechtzeitig Bescheid.',
      button: view,
    },
    confirmed: {
      subject: 'Ihr Termin ist bestätigt: {{ clinic }}',
      heading: 'Danke für Ihre Bestätigung',
      lead: 'Der Termin gehört Ihnen, Sie müssen nichts weiter tun. Sollte Ihnen etwas dazwischenkommen, sagen Sie uns bitte rechtzeitig Bescheid.',
      button: view,
    },
    moved: {
      subject: 'Ihr Termin ist verlegt: {{ clinic }}',
      heading: 'Ihr Termin hat eine neue Zeit',
      lead: 'Die neue Zeit ersetzt die bisherige. Wenn sie Ihnen nicht passt, sagen Sie uns bitte Bescheid.',
      button: view,
    },
    cancelled: {
      subject: 'Ihr Termin ist abgesagt: {{ clinic }}',
      heading: 'Ihr Termin ist abgesagt',
      lead: 'Sie müssen nichts weiter tun. Wenn Sie einen neuen Termin möchten, rufen Sie uns bitte an.',
      button: view,
    },
    expired: {
      subject: 'Ihre Reservierung ist abgelaufen: {{ clinic }}',
      heading: 'Der Termin ist nicht mehr für Sie reserviert',
      lead: 'Wir haben keine Antwort von Ihnen erhalten, deshalb ist er wieder frei. Wenn Sie weiterhin kommen möchten, rufen Sie uns bitte an: Wir finden einen neuen.',
      button: view,
    },
    ask: {
      subject: 'Bitte bestätigen Sie Ihren Termin: {{ clinic }}',
      heading: 'Passt Ihnen dieser Termin?',
      lead: 'Wir haben ihn für Sie reserviert. Bitte bestätigen Sie ihn rechtzeitig, sonst wird er wieder frei.',
      button: answer,
    },
    nudge: {
      subject: 'Ihr Termin wartet auf Ihre Antwort: {{ clinic }}',
      heading: 'Der Termin ist weiterhin für Sie reserviert',
      lead: 'Bitte bestätigen Sie ihn rechtzeitig, sonst wird er wieder frei.',
      button: answer,
    },
    reminder: {
      subject: 'Erinnerung an Ihren Termin: {{ clinic }}',
      heading: 'Bis bald',
      lead: 'Wir freuen uns auf Sie. Wenn Sie nicht kommen können, sagen Sie uns bitte so früh wie möglich Bescheid, damit jemand anderes den Termin bekommen kann.',
      button: view,
    },
    offerWon: {
      subject: 'Der Termin gehört Ihnen: {{ clinic }}',
      heading: 'Sie waren am schnellsten',
      lead: 'Wir freuen uns auf Sie. Falls Sie einen späteren Termin hatten, ist er jetzt wieder frei.',
      button: view,
    },
  },
};
