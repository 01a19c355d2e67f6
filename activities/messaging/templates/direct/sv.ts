import type { DirectTexts } from './texts.ts';

export const sv: DirectTexts = {
  offer:
    '{{ clinic }}: en tid har blivit ledig: {{ when }}, {{ place }}. Svara {{ take }} så är du med; första svaret får tiden.',
  offerInsteadOf: ' Då lämnar du din tid {{ own }}.',
  offerGone: '{{ clinic }}: tyvärr är tiden {{ when }} redan tagen.',
  ownStands: ' Din egen tid {{ own }} står kvar.',
  proposal: '{{ clinic }}, {{ place }}: välj en tid och svara med dess kod senast {{ until }}.{{ list }}',
  proposalInsteadOf: '\nDen ersätter din tid {{ own }}.',
  moveOrCancel:
    '{{ clinic }}: du kan byta din tid {{ when }} här: {{ link }} Eller ska vi avboka den? Svara då {{ code }}. Annars står den kvar.',
  replies: {
    optedOut: '{{ clinic }}: du får inga fler sms från oss. Frågor? Ring {{ phone }}',
    optedIn: '{{ clinic }}: du får våra sms igen. Frågor? Ring {{ phone }}',
    help: '{{ clinic }}: svara på vårt sms med bara koden. Om annat, ring {{ phone }}',
    taken: '{{ clinic }}: tyvärr är den tiden redan tagen.',
    tooLate: '{{ clinic }}: tyvärr kom ditt svar för sent. Ring oss: {{ phone }}',
    callUs: '{{ clinic }}: det här går inte att ordna via sms. Ring oss: {{ phone }}',
    repeated: '{{ clinic }}: vi har redan fått ditt svar om {{ when }}. Du behöver inte göra något mer.',
    tooLateToCancel: '{{ clinic }}: det är för sent att avboka {{ when }} via sms. Ring oss: {{ phone }}',
    which: '{{ clinic }}: vilken tid menar du? Svara med bara koden.{{ list }}',
    unclear:
      '{{ clinic }}: vi är inte säkra på vad du menar, så inget har ändrats. Svara med bara en kod eller ring {{ phone }}.{{ list }}',
    superseded: '{{ clinic }}: tiden har ändrats sedan dess, så ditt svar gäller inte. Svara igen.{{ list }}',
    confirmCancel: '{{ clinic }}: ska vi avboka din tid {{ when }}? Svara då {{ code }}. Annars står den kvar.',
  },
  answers: {
    confirm: 'bekräfta',
    giveUp: 'avstå',
    cannotCome: 'kan inte komma',
    take: 'ta tiden',
    cancel: 'avboka',
  },
  freeTextSubject: 'Meddelande från {{ clinic }}',
};
