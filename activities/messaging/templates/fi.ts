import type { Texts } from './texts.ts';

export const fi: Texts = {
  booked: '{{ clinic }}: aikasi on varattu {{ when }}, {{ place }}. Tiedot: {{ link }}',
  confirmed: '{{ clinic }}: kiitos! Tervetuloa {{ when }}, {{ place }}. Tiedot: {{ link }}',
  moved: '{{ clinic }}: aikasi on siirretty: {{ when }}, {{ place }}. Tiedot: {{ link }}',
  cancelled: '{{ clinic }}: aikasi {{ when }} on peruttu. Uuden ajan saat numerosta {{ phone }}. {{ link }}',
  expired: '{{ clinic }}: varaus {{ when }} on rauennut. Uuden ajan saat numerosta {{ phone }}. {{ link }}',
  ask: '{{ clinic }}: aikasi {{ when }}, {{ place }}. Vahvista {{ answerBy }} mennessä: {{ link }}',
  nudge: '{{ clinic }}: aikasi {{ when }} odottaa vahvistusta. Vahvista {{ answerBy }} mennessä: {{ link }}',
  reminder: '{{ clinic }}: muistathan aikasi {{ when }}, {{ place }}. Etkö pääse? {{ link }}',
  offerWon: '{{ clinic }}: aika on sinun! Tervetuloa {{ when }}, {{ place }}. Tiedot: {{ link }}',
  coded: {
    ask: '{{ clinic }}: aikasi {{ when }}, {{ place }}. Vastaa {{ answerBy }} mennessä: {{ confirm }} vahvistaa, {{ giveUp }} peruu. {{ link }}',
    nudge:
      '{{ clinic }}: aikasi {{ when }} odottaa. Vastaa {{ answerBy }} mennessä: {{ confirm }} vahvistaa, {{ giveUp }} peruu. {{ link }}',
    reminder:
      '{{ clinic }}: tervetuloa {{ when }}, {{ place }}. Etkö pääse? Siirrä: {{ link }} tai peru viestillä {{ cannotCome }}',
  },
};
