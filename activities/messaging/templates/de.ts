import type { Texts } from './texts.ts';

export const de: Texts = {
  booked: '{{ clinic }}: Ihr Termin ist am {{ when }}, {{ place }}. Details: {{ link }}',
  confirmed: '{{ clinic }}: Danke! Wir erwarten Sie am {{ when }}, {{ place }}. Details: {{ link }}',
  moved: '{{ clinic }}: Ihr Termin ist verlegt auf {{ when }}, {{ place }}. Details: {{ link }}',
  cancelled: '{{ clinic }}: Ihr Termin {{ when }} ist abgesagt. Für einen neuen: Tel. {{ phone }}. {{ link }}',
  expired: '{{ clinic }}: Ihr Termin {{ when }} ist verfallen. Neuer Termin: Tel. {{ phone }}. {{ link }}',
  ask: '{{ clinic }}: Reserviert für Sie: {{ when }}, {{ place }}. Bitte bestätigen Sie bis {{ answerBy }}: {{ link }}',
  nudge: '{{ clinic }}: Ihr Termin {{ when }} ist noch offen. Antwort bitte bis {{ answerBy }}: {{ link }}',
  reminder: '{{ clinic }}: Wir erwarten Sie am {{ when }}, {{ place }}. Verhindert? {{ link }}',
  offerWon: '{{ clinic }}: Der Termin gehört Ihnen: {{ when }}, {{ place }}. Details: {{ link }}',
  coded: {
    ask: '{{ clinic }}: Reserviert für Sie: {{ when }}, {{ place }}. Bitte antworten Sie bis {{ answerBy }}: {{ confirm }} bestätigt, {{ giveUp }} sagt ab. {{ link }}',
    nudge:
      '{{ clinic }}: Ihr Termin {{ when }} ist noch offen. Antwort bitte bis {{ answerBy }}: {{ confirm }} bestätigt, {{ giveUp }} sagt ab. {{ link }}',
    reminder:
      '{{ clinic }}: Wir erwarten Sie am {{ when }}, {{ place }}. Verhindert? Verlegen: {{ link }} oder mit Antwort {{ cannotCome }} absagen',
  },
};
