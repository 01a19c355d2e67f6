import type { Letters } from './letter.ts';

const view = 'Visa tiden';
const answer = 'Svara';

export const sv: Letters = {
  words: {
    when: 'När',
    where: 'Var',
    answerBy: 'Svara senast',
    insteadOf: 'I stället för',
    call: 'Har du frågor? Ring oss: {{ phone }}',
    automatic: 'Det här meddelandet har skickats automatiskt.',
    calendarEntry: 'Bokad tid',
  },
  letters: {
    booked: {
      subject: 'Din tid hos {{ clinic }}',
      heading: 'Din tid är bokad',
      lead: 'Varmt välkommen! Om du får förhinder, hör gärna av dig i god tid.',
      button: view,
    },
    confirmed: {
      subject: 'Din tid hos {{ clinic }} är bekräftad',
      heading: 'Tack för din bekräftelse',
      lead: 'Tiden är din och du behöver inte göra något mer. Om du får förhinder, hör gärna av dig i god tid.',
      button: view,
    },
    moved: {
      subject: 'Din tid hos {{ clinic }} är flyttad',
      heading: 'Du har fått en ny tid',
      lead: 'Den nya tiden ersätter den gamla. Om den inte passar dig, hör gärna av dig till oss.',
      button: view,
    },
    cancelled: {
      subject: 'Din tid hos {{ clinic }} är avbokad',
      heading: 'Din tid är avbokad',
      lead: 'Du behöver inte göra något. Ring oss gärna om du vill ha en ny tid.',
      button: view,
    },
    expired: {
      subject: 'Din reservation hos {{ clinic }} gäller inte längre',
      heading: 'Tiden är inte längre reserverad för dig',
      lead: 'Vi fick inget svar från dig, så tiden har blivit ledig för andra. Ring oss om du fortfarande vill komma, så hittar vi en ny tid.',
      button: view,
    },
    ask: {
      subject: 'Bekräfta din tid hos {{ clinic }}',
      heading: 'Passar den här tiden dig?',
      lead: 'Vi har reserverat den åt dig. Bekräfta den gärna i tid, annars blir den ledig för andra.',
      button: answer,
    },
    nudge: {
      subject: 'Din tid hos {{ clinic }} väntar på ditt svar',
      heading: 'Vi håller fortfarande tiden åt dig',
      lead: 'Bekräfta den gärna i tid, annars blir den ledig för andra.',
      button: answer,
    },
    reminder: {
      subject: 'Påminnelse om din tid hos {{ clinic }}',
      heading: 'Vi ses snart',
      lead: 'Varmt välkommen! Om du inte kan komma, hör gärna av dig så snart som möjligt, så att någon annan kan få tiden.',
      button: view,
    },
    offerWon: {
      subject: 'Tiden hos {{ clinic }} är din',
      heading: 'Du var först',
      lead: 'Välkommen på din nya tid. Om du hade en senare tid är den nu ledig för andra.',
      button: view,
    },
  },
};
