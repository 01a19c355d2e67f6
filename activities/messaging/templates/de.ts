import type { Texts } from './texts.ts';

export const de: Texts = {
  booked: '{{ clinic }}: Ihr Termin ist am {{ when }}, {{ place }}. Details: {{ link }}',
  confirmed: '{{ clinic }}: Danke! Wir erwarten Sie am {{ when }}, {{ place }}. Details: {{ link }}',
  moved: '{{ clinic }}: Ihr neuer Termin ist am {{ when }}, {{ place }}. Details: {{ link }}',
  cancelled: '{{ clinic }}: Ihr Termin am {{ when }} ist abgesagt. Für einen neuen: Tel. {{ phone }}. {{ link }}',
  expired:
    '{{ clinic }}: Ohne Ihre Antwort ist der Termin am {{ when }} wieder frei. Für einen neuen: Tel. {{ phone }}. {{ link }}',
  ask: '{{ clinic }}: Reserviert für Sie: {{ when }}, {{ place }}. Bitte bestätigen Sie bis {{ answerBy }}: {{ link }}',
  nudge: '{{ clinic }}: Ihr Termin am {{ when }} ist noch offen. Bitte bestätigen Sie bis {{ answerBy }}: {{ link }}',
  reminder: '{{ clinic }}: Wir erwarten Sie am {{ when }}, {{ place }}. Verhindert? {{ link }}',
};
