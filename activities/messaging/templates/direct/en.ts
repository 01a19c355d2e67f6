import type { DirectTexts } from './texts.ts';

export const en: DirectTexts = {
  offer:
    '{{ clinic }}: a time has come free: {{ when }}, {{ place }}. Reply {{ take }} to take it; the first answer wins.',
  offerInsteadOf: ' Your time on {{ own }} is then given up.',
  offerGone: '{{ clinic }}: sorry, {{ when }} has been taken.',
  ownStands: ' Your own appointment on {{ own }} stands.',
  proposal: '{{ clinic }}, {{ place }}: please choose a time and reply with its code by {{ until }}.{{ list }}',
  proposalInsteadOf: '\nIt replaces your time on {{ own }}.',
  moveOrCancel:
    '{{ clinic }}: you can move your time on {{ when }} here: {{ link }} Or shall we cancel it? Then reply {{ code }}. Otherwise it stands.',
  replies: {
    optedOut: '{{ clinic }}: you will get no more texts from us. Questions? Call {{ phone }}',
    optedIn: '{{ clinic }}: you will get our texts again. Questions? Call {{ phone }}',
    help: '{{ clinic }}: to answer a text, reply with its code alone. For anything else call {{ phone }}',
    taken: '{{ clinic }}: sorry, that time has already been taken.',
    tooLate: '{{ clinic }}: sorry, your answer came too late. Please call us: {{ phone }}',
    callUs: '{{ clinic }}: this cannot be settled by text. Please call us: {{ phone }}',
    repeated: '{{ clinic }}: we already have your answer about {{ when }}. There is nothing more to do.',
    tooLateToCancel: '{{ clinic }}: it is too late to cancel {{ when }} by text. Please call us: {{ phone }}',
    which: '{{ clinic }}: which one do you mean? Please reply with its code alone.{{ list }}',
    unclear:
      '{{ clinic }}: we are not sure what you mean, so nothing was changed. Please reply with a code alone, or call {{ phone }}.{{ list }}',
    superseded: '{{ clinic }}: the time has changed since, so your answer was not used. Please answer again.{{ list }}',
    confirmCancel: '{{ clinic }}: shall we cancel your time on {{ when }}? Then reply {{ code }}. Otherwise it stands.',
  },
  answers: {
    confirm: 'confirm',
    giveUp: 'give it up',
    cannotCome: 'cannot come',
    take: 'take it',
    cancel: 'cancel it',
  },
  freeTextSubject: 'Message from {{ clinic }}',
};
