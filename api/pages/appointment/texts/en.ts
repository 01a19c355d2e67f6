import type { PageTexts } from './texts.ts';

export const en: PageTexts = {
  title: 'Your appointment',
  status: {
    waiting: 'Waiting for your answer',
    booked: 'Confirmed',
    cancelled: 'Cancelled',
    expired: 'No longer held',
    over: 'Past',
  },
  meaning: {
    waiting: 'We are holding this time for you. Please confirm that you are coming.',
    booked: 'The time is yours. There is nothing more to do.',
    cancelled: 'This appointment has been cancelled. Call us if you would like a new time.',
    expired: 'The time was not confirmed, so it is no longer held for you. Call us for a new one.',
    over: 'The time of this appointment has passed.',
  },
  answerBy: 'Please answer by {until}.',
  confirm: 'Confirm this time',
  when: 'When',
  where: 'Where',
  hour: '{time}',
  call: 'Any questions? Call us: {phone}',
  callUs: 'Our number: {phone}',
  choices: {
    waiting: { move: 'Choose another time', cancel: 'Give this time up' },
    booked: { move: 'Move to another time', cancel: 'Cancel the appointment' },
  },
  until: 'until {until}',
  barred: {
    both: {
      tooLate: 'It is too late to move or cancel this appointment here. Please call us: {phone}',
      staffOnly: 'This appointment can be moved or cancelled by phone only. Please call us: {phone}',
    },
    move: {
      tooLate: 'It is too late to move this appointment here. Please call us: {phone}',
      staffOnly: 'To move this appointment, please call us: {phone}',
    },
    cancel: {
      tooLate: 'It is too late to cancel this appointment here. Please call us: {phone}',
      staffOnly: 'To cancel this appointment, please call us: {phone}',
    },
  },
  done: {
    confirmed: 'Thank you for confirming.',
    moved: 'Your appointment has been moved. This is the new time.',
    cancelled: 'Thank you for letting us know.',
  },
  notices: {
    notSaved: 'We could not save your answer just now. Nothing is lost: please try again in a minute.',
    refused: 'That is not possible here. Your appointment stands as it was.',
    changed: 'The appointment has changed since you opened the page. Please look at it again before you choose.',
    taken: 'That time has just been taken. Your appointment stands as it was. These times are free now.',
    overlaps: 'You already have another appointment at that time. Please choose a different one.',
    chooseOne: 'Please choose one of the times first.',
  },
  move: {
    title: 'Choose another time',
    present: 'Your time now: {when}',
    meaning: {
      waiting: 'The time you choose is confirmed at once. Until then, the present one stays held for you.',
      booked: 'Your present time stays yours until you have chosen a new one.',
    },
    weeks: 'Weeks',
    earlier: 'Earlier',
    later: 'Later',
    morning: 'Morning',
    afternoon: 'Afternoon',
    count: ['{count} time', '{count} times'],
    take: 'Take this time',
    noneHere: 'There are no free times on these days.',
    elsewhere: 'Free times: {week}',
    none: 'There is no other free time at the moment. Call us and we will find one together: {phone}',
    back: 'Keep the present time',
  },
  cancel: {
    waiting: { title: 'Give this time up?', yes: 'Yes, give it up' },
    booked: { title: 'Cancel this appointment?', yes: 'Yes, cancel it' },
    moveInstead: 'Would another time suit you better?',
    otherTimes: 'See other times',
    meaning: 'After that, the time is free for others.',
    no: 'No, keep the time',
  },
  notFound: 'This link does not open anything',
  notFoundMeaning:
    'It may have been cut short, or it is too old. Please open it from the message again, or call your clinic.',
  busy: 'Please try again in a minute',
  busyMeaning: 'Too many links that open nothing came from your network.',
  foreign: 'Please open the link again',
  foreignMeaning:
    'We could not tell whether this came from our own page, so nothing has been changed. Please open the link from the message and choose once more.',
};
