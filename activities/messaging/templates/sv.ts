import type { Texts } from './texts.ts';

export const sv: Texts = {
  booked: '{{ clinic }}: din tid är bokad {{ when }}, {{ place }}. Mer info: {{ link }}',
  confirmed: '{{ clinic }}: tack! Välkommen {{ when }}, {{ place }}. Mer info: {{ link }}',
  moved: '{{ clinic }}: din tid är flyttad till {{ when }}, {{ place }}. Mer info: {{ link }}',
  cancelled: '{{ clinic }}: din tid {{ when }} är avbokad. Ring {{ phone }} för en ny tid. {{ link }}',
  expired: '{{ clinic }}: tiden {{ when }} hålls inte längre. Ring {{ phone }} för en ny tid. {{ link }}',
  ask: '{{ clinic }}: din tid {{ when }}, {{ place }}. Svara senast {{ answerBy }}: {{ link }}',
  nudge: '{{ clinic }}: din tid {{ when }} väntar på svar. Bekräfta senast {{ answerBy }}: {{ link }}',
  reminder: '{{ clinic }}: välkommen {{ when }}, {{ place }}. Kan du inte komma? {{ link }}',
  offerWon: '{{ clinic }}: tiden är din! Välkommen {{ when }}, {{ place }}. Mer info: {{ link }}',
  coded: {
    ask: '{{ clinic }}: din tid {{ when }}, {{ place }}. Svara senast {{ answerBy }}: {{ confirm }} bekräftar, {{ giveUp }} avbokar. {{ link }}',
    nudge:
      '{{ clinic }}: din tid {{ when }} väntar. Svara senast {{ answerBy }}: {{ confirm }} bekräftar, {{ giveUp }} avbokar. {{ link }}',
    reminder:
      '{{ clinic }}: välkommen {{ when }}, {{ place }}. Förhinder? Boka om: {{ link }} eller avboka: svara {{ cannotCome }}',
  },
};
