import type { Texts } from './texts.ts';

export const en: Texts = {
  booked: '{{ clinic }}: your appointment is on {{ when }}, {{ place }}. Details: {{ link }}',
  confirmed: '{{ clinic }}: thank you. See you on {{ when }}, {{ place }}. Details: {{ link }}',
  moved: '{{ clinic }}: your appointment has moved to {{ when }}, {{ place }}. Details: {{ link }}',
  cancelled: '{{ clinic }}: your appointment {{ when }} is cancelled. For a new time call {{ phone }}. {{ link }}',
  expired: '{{ clinic }}: {{ when }} is no longer held for you. For a new time call {{ phone }}. {{ link }}',
  ask: '{{ clinic }}: held for you {{ when }}, {{ place }}. Confirm by {{ answerBy }}: {{ link }}',
  nudge: '{{ clinic }}: {{ when }} is still held for you. Please confirm by {{ answerBy }}: {{ link }}',
  reminder: '{{ clinic }}: see you on {{ when }}, {{ place }}. Unable to come? {{ link }}',
  offerWon: '{{ clinic }}: the time is yours. See you on {{ when }}, {{ place }}. Details: {{ link }}',
  coded: {
    ask: '{{ clinic }}: held for you {{ when }}, {{ place }}. Reply by {{ answerBy }}: {{ confirm }} to confirm, {{ giveUp }} to give it up. {{ link }}',
    nudge:
      '{{ clinic }}: {{ when }} is still held. Reply by {{ answerBy }}: {{ confirm }} confirms, {{ giveUp }} gives it up. {{ link }}',
    reminder:
      "{{ clinic }}: see you {{ when }}, {{ place }}. Can't come? Move it: {{ link }} or reply {{ cannotCome }} to cancel",
  },
};
