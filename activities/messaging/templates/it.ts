import type { Texts } from './texts.ts';

export const it: Texts = {
  booked: '{{ clinic }}: il suo appuntamento è {{ when }}, {{ place }}. Dettagli: {{ link }}',
  confirmed: '{{ clinic }}: grazie! La aspettiamo {{ when }}, {{ place }}. Dettagli: {{ link }}',
  moved: '{{ clinic }}: il suo appuntamento è spostato a {{ when }}, {{ place }}. Dettagli: {{ link }}',
  cancelled: '{{ clinic }}: il suo appuntamento {{ when }} è annullato. Per uno nuovo: {{ phone }}. {{ link }}',
  expired: '{{ clinic }}: il posto di {{ when }} non è più suo. Per uno nuovo chiami {{ phone }}. {{ link }}',
  ask: '{{ clinic }}: per lei {{ when }}, {{ place }}. Confermi entro {{ answerBy }}: {{ link }}',
  nudge: '{{ clinic }}: {{ when }} è ancora da confermare. Confermi entro {{ answerBy }}: {{ link }}',
  reminder: '{{ clinic }}: la aspettiamo {{ when }}, {{ place }}. Non può venire? {{ link }}',
  offerWon: '{{ clinic }}: il posto è suo! La aspettiamo {{ when }}, {{ place }}. Dettagli: {{ link }}',
  coded: {
    ask: '{{ clinic }}: per lei {{ when }}, {{ place }}. Risponda entro {{ answerBy }}: {{ confirm }} conferma, {{ giveUp }} rinuncia. {{ link }}',
    nudge:
      '{{ clinic }}: conferma {{ when }}? Risponda entro {{ answerBy }}: {{ confirm }} conferma, {{ giveUp }} rinuncia. {{ link }}',
    reminder:
      '{{ clinic }}: ci vediamo {{ when }}, {{ place }}. Non può? Sposti: {{ link }} o annulli: risponda {{ cannotCome }}',
  },
};
