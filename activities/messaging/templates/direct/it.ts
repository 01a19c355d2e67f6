import type { DirectTexts } from './texts.ts';

export const it: DirectTexts = {
  offer:
    '{{ clinic }}: si è liberato un posto: {{ when }}, {{ place }}. Per prenderlo risponda {{ take }}; vale la prima risposta.',
  offerInsteadOf: ' Così rinuncia al suo appuntamento {{ own }}.',
  offerGone: '{{ clinic }}: il posto di {{ when }} purtroppo è già stato preso.',
  ownStands: ' Il suo appuntamento {{ own }} resta valido.',
  proposal: '{{ clinic }}, {{ place }}: scelga un orario e risponda con il codice entro {{ until }}.{{ list }}',
  proposalInsteadOf: '\nSostituisce il suo appuntamento {{ own }}.',
  moveOrCancel:
    '{{ clinic }}: qui può spostare il suo appuntamento {{ when }}: {{ link }} O lo annulliamo? Allora risponda {{ code }}. Altrimenti resta valido.',
  replies: {
    optedOut: '{{ clinic }}: non riceverà più SMS da noi. Domande? Chiami {{ phone }}',
    optedIn: '{{ clinic }}: riceverà di nuovo i nostri SMS. Domande? Chiami {{ phone }}',
    help: '{{ clinic }}: risponda al nostro SMS con il solo codice. Per altro chiami {{ phone }}',
    taken: '{{ clinic }}: quel posto purtroppo è già stato preso.',
    tooLate: '{{ clinic }}: la sua risposta purtroppo è arrivata tardi. Ci chiami: {{ phone }}',
    callUs: '{{ clinic }}: questo non si può fare via SMS. Ci chiami: {{ phone }}',
    repeated: '{{ clinic }}: abbiamo già la sua risposta per {{ when }}. Non deve fare altro.',
    tooLateToCancel: '{{ clinic }}: è tardi per annullare via SMS {{ when }}. Ci chiami: {{ phone }}',
    which: '{{ clinic }}: quale appuntamento intende? Risponda con il solo codice.{{ list }}',
    unclear:
      '{{ clinic }}: non siamo certi di aver capito e nulla è cambiato. Risponda con un solo codice o chiami {{ phone }}.{{ list }}',
    superseded:
      "{{ clinic }}: nel frattempo l'orario è cambiato e la sua risposta non vale. Risponda di nuovo.{{ list }}",
    confirmCancel:
      '{{ clinic }}: annulliamo il suo appuntamento {{ when }}? Allora risponda {{ code }}. Altrimenti resta valido.',
  },
  answers: {
    confirm: 'confermo',
    giveUp: 'rinuncio',
    cannotCome: 'non posso venire',
    take: 'lo prendo',
    cancel: 'annullo',
  },
  freeTextSubject: 'Messaggio da {{ clinic }}',
};
