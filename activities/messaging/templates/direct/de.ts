import type { DirectTexts } from './texts.ts';

export const de: DirectTexts = {
  offer:
    '{{ clinic }}: Ein Termin ist frei geworden: {{ when }}, {{ place }}. Zum Annehmen {{ take }} antworten; die erste Antwort gilt.',
  offerInsteadOf: ' Ihren Termin {{ own }} geben Sie damit auf.',
  offerGone: '{{ clinic }}: Der Termin {{ when }} ist leider schon vergeben.',
  ownStands: ' Ihr eigener Termin {{ own }} bleibt bestehen.',
  proposal:
    '{{ clinic }}, {{ place }}: Bitte wählen Sie einen Termin und antworten Sie bis {{ until }} mit seinem Code.{{ list }}',
  proposalInsteadOf: '\nEr ersetzt Ihren Termin {{ own }}.',
  moveOrCancel:
    '{{ clinic }}: Hier können Sie Ihren Termin {{ when }} verschieben: {{ link }} Oder sollen wir ihn absagen? Dann antworten Sie {{ code }}. Sonst bleibt er bestehen.',
  replies: {
    optedOut: '{{ clinic }}: Sie erhalten keine SMS mehr von uns. Fragen? Tel. {{ phone }}',
    optedIn: '{{ clinic }}: Sie erhalten unsere SMS wieder. Fragen? Tel. {{ phone }}',
    help: '{{ clinic }}: Bitte antworten Sie auf unsere SMS nur mit dem Code. Für alles andere: Tel. {{ phone }}',
    taken: '{{ clinic }}: Dieser Termin ist leider schon vergeben.',
    tooLate: '{{ clinic }}: Ihre Antwort kam leider zu spät. Bitte rufen Sie uns an: {{ phone }}',
    callUs: '{{ clinic }}: Das lässt sich per SMS nicht regeln. Bitte rufen Sie uns an: {{ phone }}',
    repeated: '{{ clinic }}: Ihre Antwort zu {{ when }} haben wir schon. Mehr brauchen Sie nicht zu tun.',
    tooLateToCancel:
      '{{ clinic }}: Für eine Absage per SMS ist es zu spät ({{ when }}). Bitte rufen Sie uns an: {{ phone }}',
    which: '{{ clinic }}: Welchen Termin meinen Sie? Bitte antworten Sie nur mit dem Code.{{ list }}',
    unclear:
      '{{ clinic }}: Wir sind nicht sicher, was Sie meinen, und haben nichts geändert. Bitte antworten Sie nur mit einem Code, oder Tel. {{ phone }}.{{ list }}',
    superseded:
      '{{ clinic }}: Der Termin hat sich seither geändert, daher gilt Ihre Antwort nicht. Bitte antworten Sie noch einmal.{{ list }}',
    confirmCancel:
      '{{ clinic }}: Sollen wir Ihren Termin {{ when }} absagen? Dann antworten Sie {{ code }}. Sonst bleibt er bestehen.',
  },
  answers: {
    confirm: 'bestätigen',
    giveUp: 'verzichten',
    cannotCome: 'verhindert',
    take: 'annehmen',
    cancel: 'absagen',
  },
  freeTextSubject: 'Nachricht von {{ clinic }}',
};
