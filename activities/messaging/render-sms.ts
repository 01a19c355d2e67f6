import type { QuestionAnswer } from '../../domain/question.ts';
import { smsSize, toSmsText } from '../../domain/sms-text.ts';
import { sayTimeOfDay, sayTimes } from '../../domain/spoken-time.ts';
import { fillText } from './liquid.ts';
import { LINK_PLACEHOLDER, type Saying, withLinks } from './saying.ts';
import { smsTexts } from './templates/index.ts';
import type { Texts } from './templates/texts.ts';

export interface RenderedSms {
  /** With a placeholder for each link. */
  body: string;
  /** With the links themselves, as it is sent. */
  text: string;
  segments: number;
}

/** The text message that says this, with one link for each visit. */
export function renderSms(saying: Saying, links: readonly string[]): RenderedSms {
  const { language, clinic, startsAt, confirmBy, now } = saying;
  const rendered = fillText(templateFor(saying, smsTexts[language]), {
    ...codesIn(saying),
    clinic: clinic.name,
    place: clinic.address,
    phone: clinic.phone,
    when: sayTimes(startsAt, clinic.timeZone, language, now),
    ...(confirmBy === null ? {} : { answerBy: sayTimes([confirmBy], clinic.timeZone, language, now) }),
    link: links.map(() => LINK_PLACEHOLDER).join(' '),
  });
  const body = toSmsText(rendered);
  const text = withLinks(body, links);
  return { body, text, segments: smsSize(text).segments };
}

function templateFor({ kind, codes }: Saying, texts: Texts): string {
  const isCoded = codes.length > 0 && (kind === 'ask' || kind === 'nudge' || kind === 'reminder');
  return isCoded ? texts.coded[kind] : texts[kind];
}

/** The code of each answer; of several visits each says which it is, by its time: "K7 (12:30), M4 (14:30)". */
function codesIn({ codes, startsAt, clinic, language }: Saying): Partial<Record<QuestionAnswer, string>> {
  const said: Partial<Record<QuestionAnswer, string>> = {};
  for (const [index, printed] of codes.entries()) {
    const start = codes.length > 1 ? startsAt[index] : undefined;
    const which = start === undefined ? '' : ` (${sayTimeOfDay(start, clinic.timeZone, language)})`;
    for (const { answer, code } of printed) {
      said[answer] = said[answer] === undefined ? code + which : `${said[answer]}, ${code}${which}`;
    }
  }
  return said;
}
