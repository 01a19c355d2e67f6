import type { Texts } from './texts.ts';

export const fi: Texts = {
  booked: '{{ clinic }}: aikasi on varattu {{ when }}, {{ place }}. Tiedot: {{ link }}',
  confirmed: '{{ clinic }}: kiitos! Tervetuloa {{ when }}, {{ place }}. Tiedot: {{ link }}',
  moved: '{{ clinic }}: uusi aikasi on {{ when }}, {{ place }}. Tiedot: {{ link }}',
  cancelled: '{{ clinic }}: aikasi {{ when }} on peruttu. Uuden ajan saat numerosta {{ phone }}. {{ link }}',
  expired:
    '{{ clinic }}: emme saaneet vastausta, joten varaus {{ when }} on rauennut. Uuden ajan saat numerosta {{ phone }}. {{ link }}',
  ask: '{{ clinic }}: varasimme sinulle ajan {{ when }}, {{ place }}. Vahvista viimeistään {{ answerBy }}: {{ link }}',
  nudge: '{{ clinic }}: aikasi {{ when }} odottaa vahvistusta. Vahvista viimeistään {{ answerBy }}: {{ link }}',
  reminder: '{{ clinic }}: muistathan aikasi {{ when }}, {{ place }}. Etkö pääse? {{ link }}',
};
