import type { Texts } from './texts.ts';

export const it: Texts = {
  booked: '{{ clinic }}: il suo appuntamento è {{ when }}, {{ place }}. Dettagli: {{ link }}',
  confirmed: '{{ clinic }}: grazie! La aspettiamo {{ when }}, {{ place }}. Dettagli: {{ link }}',
  moved: '{{ clinic }}: il suo nuovo appuntamento è {{ when }}, {{ place }}. Dettagli: {{ link }}',
  cancelled:
    '{{ clinic }}: il suo appuntamento di {{ when }} è annullato. Per uno nuovo chiami {{ phone }}. {{ link }}',
  expired:
    '{{ clinic }}: senza una sua risposta il posto di {{ when }} non è più riservato. Per uno nuovo chiami {{ phone }}. {{ link }}',
  ask: '{{ clinic }}: abbiamo riservato per lei {{ when }}, {{ place }}. Confermi entro {{ answerBy }}: {{ link }}',
  nudge: '{{ clinic }}: {{ when }} è ancora da confermare. Confermi entro {{ answerBy }}: {{ link }}',
  reminder: '{{ clinic }}: la aspettiamo {{ when }}, {{ place }}. Non può venire? {{ link }}',
};
