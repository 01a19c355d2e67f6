/** What the page can say of a visit. `over`: its time is past. */
export type Situation = 'waiting' | 'booked' | 'cancelled' | 'expired' | 'over';

/** Why the patient cannot move or cancel here. */
export type Bar = 'tooLate' | 'staffOnly';

/** What the patient has just done. */
export type Done = 'confirmed' | 'moved' | 'cancelled';

/** Why the answer to a press is not what was asked for; the page goes on from there. */
export type Notice = 'notSaved' | 'refused' | 'changed' | 'taken' | 'overlaps' | 'chooseOne';

type WhileOpen = 'waiting' | 'booked';

/** Everything the page says in one language. */
export interface PageTexts {
  title: string;
  /** The status in two or three words, and what it means for the patient. */
  status: Record<Situation, string>;
  meaning: Record<Situation, string>;
  /** With {until}. */
  answerBy: string;
  confirm: string;
  when: string;
  where: string;
  /** The time of day, with {time}. */
  hour: string;
  /** With {phone}: for whoever has a visit to come, and for whoever has none. */
  call: string;
  callUs: string;
  /** The ways to the two other pages. */
  choices: Record<WhileOpen, { move: string; cancel: string }>;
  /** With {until}: the last moment for it. */
  until: string;
  /** With {phone}. */
  barred: Record<'both' | 'move' | 'cancel', Record<Bar, string>>;
  done: Record<Done, string>;
  notices: Record<Notice, string>;
  move: {
    title: string;
    /** With {when}. */
    present: string;
    meaning: Record<WhileOpen, string>;
    weeks: string;
    earlier: string;
    later: string;
    morning: string;
    afternoon: string;
    /** With {count}: for one, and for several. */
    count: [string, string];
    take: string;
    /** With {week}: the nearest one that has any. */
    noneHere: string;
    elsewhere: string;
    /** With {phone}. */
    none: string;
    back: string;
  };
  cancel: Record<WhileOpen, { title: string; yes: string }> & {
    moveInstead: string;
    otherTimes: string;
    meaning: string;
    no: string;
  };
  notFound: string;
  notFoundMeaning: string;
  /** For an address from which too many wrong links come. */
  busy: string;
  busyMeaning: string;
  /** For a press that did not come from our own page. */
  foreign: string;
  foreignMeaning: string;
}
