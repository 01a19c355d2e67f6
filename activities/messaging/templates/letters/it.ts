import type { Letters } from './letter.ts';

const view = "Dettagli dell'appuntamento";
const answer = 'Risponda';

export const it: Letters = {
  words: {
    when: 'Quando',
    where: 'Dove',
    answerBy: 'Risponda entro',
    insteadOf: 'Invece di',
    call: 'Domande? Ci chiami: {{ phone }}',
    automatic: 'Questo messaggio è stato inviato automaticamente.',
    calendarEntry: 'Appuntamento',
  },
  letters: {
    booked: {
      subject: 'Il suo appuntamento: {{ clinic }}',
      heading: 'Il suo appuntamento è fissato',
      lead: 'La aspettiamo con piacere. In caso di imprevisti, la preghiamo di avvisarci per tempo.',
      button: view,
    },
    confirmed: {
      subject: 'Il suo appuntamento è confermato: {{ clinic }}',
      heading: 'Grazie per la conferma',
      lead: "L'orario è riservato a lei e non deve fare altro. In caso di imprevisti, la preghiamo di avvisarci per tempo.",
      button: view,
    },
    moved: {
      subject: 'Il suo appuntamento è spostato: {{ clinic }}',
      heading: 'Il suo appuntamento ha un nuovo orario',
      lead: 'Il nuovo orario sostituisce il precedente. Se non le va bene, la preghiamo di avvisarci.',
      button: view,
    },
    cancelled: {
      subject: 'Il suo appuntamento è annullato: {{ clinic }}',
      heading: 'Il suo appuntamento è annullato',
      lead: 'Non deve fare nulla. Se desidera un nuovo appuntamento, ci chiami.',
      button: view,
    },
    expired: {
      subject: 'La sua prenotazione è scaduta: {{ clinic }}',
      heading: 'Questo orario non è più riservato a lei',
      lead: 'Non abbiamo ricevuto una sua risposta, perciò è di nuovo libero. Se desidera ancora venire, ci chiami: ne troveremo uno nuovo.',
      button: view,
    },
    ask: {
      subject: 'Confermi il suo appuntamento: {{ clinic }}',
      heading: 'Questo orario va bene per lei?',
      lead: 'Lo abbiamo riservato a lei. La preghiamo di confermarlo in tempo, altrimenti tornerà libero.',
      button: answer,
    },
    nudge: {
      subject: 'Il suo appuntamento attende una risposta: {{ clinic }}',
      heading: 'Questo orario è ancora riservato a lei',
      lead: 'La preghiamo di confermarlo in tempo, altrimenti tornerà libero.',
      button: answer,
    },
    reminder: {
      subject: 'Promemoria del suo appuntamento: {{ clinic }}',
      heading: 'A presto',
      lead: 'La aspettiamo con piacere. Se non può venire, la preghiamo di avvisarci appena possibile, così qualcun altro potrà avere il suo posto.',
      button: view,
    },
    offerWon: {
      subject: 'Il posto è suo: {{ clinic }}',
      heading: 'È stato il primo a rispondere',
      lead: 'La aspettiamo nel nuovo orario. Se aveva un appuntamento più avanti, ora è libero per altri.',
      button: view,
    },
  },
};
