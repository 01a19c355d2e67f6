import type { Letters } from './letter.ts';

const view = 'View the appointment';
const answer = 'Answer';

export const en: Letters = {
  words: {
    when: 'When',
    where: 'Where',
    answerBy: 'Please answer by',
    insteadOf: 'Instead of',
    call: 'Questions? Call us: {{ phone }}',
    automatic: 'This message was sent automatically.',
    calendarEntry: 'Appointment',
  },
  letters: {
    booked: {
      subject: 'Your appointment at {{ clinic }}',
      heading: 'Your appointment is booked',
      lead: 'We look forward to seeing you. If something comes up, please let us know in good time.',
      button: view,
    },
    confirmed: {
      subject: 'Your appointment at {{ clinic }} is confirmed',
      heading: 'Thank you for confirming',
      lead: 'The time is yours, and there is nothing more to do. If something comes up, please let us know in good time.',
      button: view,
    },
    moved: {
      subject: 'Your appointment at {{ clinic }} has moved',
      heading: 'Your appointment has a new time',
      lead: 'The new time replaces the old one. If it does not suit you, please let us know.',
      button: view,
    },
    cancelled: {
      subject: 'Your appointment at {{ clinic }} is cancelled',
      heading: 'Your appointment is cancelled',
      lead: 'There is nothing you need to do. If you would like a new time, please call us.',
      button: view,
    },
    expired: {
      subject: 'Your reservation at {{ clinic }} has ended',
      heading: 'This time is no longer held for you',
      lead: 'We did not hear from you, so others can now have it. If you would still like to come, please call us and we will find you a new time.',
      button: view,
    },
    ask: {
      subject: 'Please confirm your appointment at {{ clinic }}',
      heading: 'Does this time suit you?',
      lead: 'We are holding it for you. Please confirm it in time; after that others can have it.',
      button: answer,
    },
    nudge: {
      subject: 'Your appointment at {{ clinic }} is waiting for your answer',
      heading: 'We are still holding this time for you',
      lead: 'Please confirm it in time; after that others can have it.',
      button: answer,
    },
    reminder: {
      subject: 'A reminder of your appointment at {{ clinic }}',
      heading: 'See you soon',
      lead: 'We look forward to seeing you. If you cannot come, please let us know as early as you can, so that somebody else can have the time.',
      button: view,
    },
    offerWon: {
      subject: 'The time at {{ clinic }} is yours',
      heading: 'You were the first',
      lead: 'We look forward to seeing you at your new time. If you had a later one, it is no longer kept for you.',
      button: view,
    },
  },
};
