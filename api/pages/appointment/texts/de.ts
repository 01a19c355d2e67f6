import type { PageTexts } from './texts.ts';

export const de: PageTexts = {
  title: 'Ihr Termin',
  status: {
    waiting: 'Wartet auf Ihre Antwort',
    booked: 'Bestätigt',
    cancelled: 'Abgesagt',
    expired: 'Nicht mehr reserviert',
    over: 'Vorbei',
  },
  meaning: {
    waiting: 'Wir halten diesen Termin für Sie frei. Bitte bestätigen Sie, dass Sie kommen.',
    booked: 'Der Termin gehört Ihnen. Sie müssen nichts weiter tun.',
    cancelled: 'Dieser Termin ist abgesagt. Rufen Sie uns an, wenn Sie einen neuen möchten.',
    expired:
      'Der Termin wurde nicht bestätigt und ist nicht mehr für Sie reserviert. Rufen Sie uns für einen neuen an.',
    over: 'Dieser Termin liegt in der Vergangenheit.',
  },
  answerBy: 'Bitte antworten Sie bis {until}.',
  confirm: 'Termin bestätigen',
  when: 'Wann',
  where: 'Wo',
  hour: '{time} Uhr',
  call: 'Fragen? Rufen Sie uns an: {phone}',
  callUs: 'Unsere Nummer: {phone}',
  choices: {
    waiting: { move: 'Anderen Termin wählen', cancel: 'Auf den Termin verzichten' },
    booked: { move: 'Termin verschieben', cancel: 'Termin absagen' },
  },
  until: 'bis {until}',
  barred: {
    both: {
      tooLate: 'Hier lässt sich der Termin nicht mehr verschieben oder absagen. Bitte rufen Sie uns an: {phone}',
      staffOnly: 'Diesen Termin können Sie nur telefonisch verschieben oder absagen. Bitte rufen Sie uns an: {phone}',
    },
    move: {
      tooLate: 'Hier lässt sich der Termin nicht mehr verschieben. Bitte rufen Sie uns an: {phone}',
      staffOnly: 'Zum Verschieben rufen Sie uns bitte an: {phone}',
    },
    cancel: {
      tooLate: 'Hier lässt sich der Termin nicht mehr absagen. Bitte rufen Sie uns an: {phone}',
      staffOnly: 'Zum Absagen rufen Sie uns bitte an: {phone}',
    },
  },
  done: {
    confirmed: 'Danke für Ihre Bestätigung!',
    moved: 'Ihr Termin ist verschoben. Dies ist die neue Zeit.',
    cancelled: 'Danke, dass Sie uns Bescheid gegeben haben.',
  },
  notices: {
    notSaved:
      'Wir konnten Ihre Antwort gerade nicht speichern. Nichts ist verloren: Bitte versuchen Sie es gleich noch einmal.',
    refused: 'Das ist hier nicht möglich. An Ihrem Termin hat sich nichts geändert.',
    changed:
      'Der Termin hat sich geändert, seit Sie die Seite geöffnet haben. Bitte sehen Sie ihn sich noch einmal an, bevor Sie wählen.',
    taken: 'Diese Zeit wurde gerade vergeben. An Ihrem Termin hat sich nichts geändert. Diese Zeiten sind jetzt frei.',
    overlaps: 'Zu dieser Zeit haben Sie schon einen anderen Termin. Bitte wählen Sie eine andere.',
    chooseOne: 'Bitte wählen Sie zuerst eine der Zeiten.',
  },
  move: {
    title: 'Anderen Termin wählen',
    present: 'Ihr jetziger Termin: {when}',
    meaning: {
      waiting: 'Der Termin, den Sie wählen, ist sofort bestätigt. Bis dahin bleibt der jetzige für Sie reserviert.',
      booked: 'Ihr jetziger Termin bleibt Ihnen, bis Sie einen neuen gewählt haben.',
    },
    weeks: 'Wochen',
    earlier: 'Früher',
    later: 'Später',
    morning: 'Vormittag',
    afternoon: 'Nachmittag',
    count: ['{count} Zeit', '{count} Zeiten'],
    take: 'Diese Zeit nehmen',
    noneHere: 'An diesen Tagen ist nichts frei.',
    elsewhere: 'Freie Zeiten: {week}',
    none: 'Zurzeit ist kein anderer Termin frei. Rufen Sie uns an, wir finden gemeinsam einen: {phone}',
    back: 'Jetzigen Termin behalten',
  },
  cancel: {
    waiting: { title: 'Auf diesen Termin verzichten?', yes: 'Ja, ich verzichte' },
    booked: { title: 'Diesen Termin absagen?', yes: 'Ja, Termin absagen' },
    moveInstead: 'Würde Ihnen eine andere Zeit besser passen?',
    otherTimes: 'Andere Zeiten ansehen',
    meaning: 'Danach ist der Termin für andere frei.',
    no: 'Nein, Termin behalten',
  },
  notFound: 'Dieser Link öffnet nichts',
  notFoundMeaning:
    'Vielleicht wurde er abgeschnitten oder ist zu alt. Öffnen Sie ihn noch einmal aus der Nachricht oder rufen Sie Ihre Praxis an.',
  busy: 'Bitte versuchen Sie es in einer Minute noch einmal',
  busyMeaning: 'Aus Ihrem Netz wurden zu viele Links geöffnet, die es nicht gibt.',
  foreign: 'Bitte öffnen Sie den Link noch einmal',
  foreignMeaning:
    'Wir konnten nicht feststellen, ob Ihre Wahl von unserer eigenen Seite kam. Es wurde nichts geändert. Bitte öffnen Sie den Link aus der Nachricht und wählen Sie noch einmal.',
};
