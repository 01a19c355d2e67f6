import type { PageTexts } from './texts.ts';

export const sv: PageTexts = {
  title: 'Din tid',
  status: {
    waiting: 'Väntar på ditt svar',
    booked: 'Bekräftad',
    cancelled: 'Avbokad',
    expired: 'Inte längre reserverad',
    over: 'Har varit',
  },
  meaning: {
    waiting: 'Vi håller den här tiden åt dig. Bekräfta att du kommer.',
    booked: 'Tiden är din. Du behöver inte göra något mer.',
    cancelled: 'Den här tiden är avbokad. Ring oss om du vill ha en ny.',
    expired: 'Tiden bekräftades inte och hålls därför inte längre åt dig. Ring oss för en ny.',
    over: 'Den här tiden har redan varit.',
  },
  answerBy: 'Svara senast {until}.',
  confirm: 'Bekräfta tiden',
  when: 'När',
  where: 'Var',
  hour: 'kl. {time}',
  call: 'Har du frågor? Ring oss: {phone}',
  callUs: 'Vårt nummer: {phone}',
  choices: {
    waiting: { move: 'Välj en annan tid', cancel: 'Avstå från tiden' },
    booked: { move: 'Flytta till en annan tid', cancel: 'Avboka tiden' },
  },
  until: 'senast {until}',
  barred: {
    both: {
      tooLate: 'Det är för sent att flytta eller avboka tiden här. Ring oss: {phone}',
      staffOnly: 'Den här tiden kan flyttas eller avbokas bara per telefon. Ring oss: {phone}',
    },
    move: {
      tooLate: 'Det är för sent att flytta tiden här. Ring oss: {phone}',
      staffOnly: 'Ring oss om du vill flytta tiden: {phone}',
    },
    cancel: {
      tooLate: 'Det är för sent att avboka tiden här. Ring oss: {phone}',
      staffOnly: 'Ring oss om du vill avboka tiden: {phone}',
    },
  },
  done: {
    confirmed: 'Tack för din bekräftelse!',
    moved: 'Din tid är flyttad. Här är den nya tiden.',
    cancelled: 'Tack för att du meddelade oss.',
  },
  notices: {
    notSaved: 'Vi kunde inte spara ditt svar just nu. Inget är förlorat: försök igen om en stund.',
    refused: 'Det går inte att göra här. Din tid är oförändrad.',
    changed: 'Din tid har ändrats sedan du öppnade sidan. Se på den på nytt innan du väljer.',
    taken: 'Någon hann just boka den tiden. Din egen tid är oförändrad. De här tiderna är lediga nu.',
    overlaps: 'Du har redan en annan tid då. Välj någon annan.',
    chooseOne: 'Välj först en av tiderna.',
  },
  move: {
    title: 'Välj en annan tid',
    present: 'Din tid nu: {when}',
    meaning: {
      waiting: 'Tiden du väljer bekräftas samtidigt. Tills dess håller vi den nuvarande åt dig.',
      booked: 'Du har kvar din nuvarande tid tills du har valt en ny.',
    },
    weeks: 'Veckor',
    earlier: 'Tidigare',
    later: 'Senare',
    morning: 'Förmiddag',
    afternoon: 'Eftermiddag',
    count: ['{count} tid', '{count} tider'],
    take: 'Välj den här tiden',
    noneHere: 'Det finns inga lediga tider de här dagarna.',
    elsewhere: 'Lediga tider: {week}',
    none: 'Just nu finns det inga andra lediga tider. Ring oss så hittar vi en som passar: {phone}',
    back: 'Behåll den nuvarande tiden',
  },
  cancel: {
    waiting: { title: 'Vill du avstå från tiden?', yes: 'Ja, jag avstår från tiden' },
    booked: { title: 'Vill du avboka tiden?', yes: 'Ja, avboka tiden' },
    moveInstead: 'Skulle en annan tid passa bättre?',
    otherTimes: 'Se andra tider',
    meaning: 'Därefter är tiden ledig för andra.',
    no: 'Nej, jag behåller tiden',
  },
  notFound: 'Länken öppnar ingenting',
  notFoundMeaning:
    'Den kan ha klippts av eller är för gammal. Öppna den från meddelandet igen eller ring din mottagning.',
  busy: 'Försök igen om en minut',
  busyMeaning: 'Från ditt nätverk öppnades för många länkar som inte fungerar.',
  foreign: 'Öppna länken på nytt',
  foreignMeaning:
    'Vi kunde inte försäkra oss om att valet kom från vår egen sida, så inget har ändrats. Öppna länken i meddelandet och välj på nytt.',
};
