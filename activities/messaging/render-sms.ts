import { smsSize, toSmsText } from '../../domain/sms-text.ts';
import { sayTimes } from '../../domain/spoken-time.ts';
import { fillText } from './liquid.ts';
import { LINK_PLACEHOLDER, type Saying, withLinks } from './saying.ts';
import { smsTexts } from './templates/index.ts';

export interface RenderedSms {
  /** With a placeholder for each link. */
  body: string;
  /** With the links themselves, as it is sent. */
  text: string;
  segments: number;
}

/** The text message that says this, with one link for each visit. */
export function renderSms(saying: Saying, links: readonly string[]): RenderedSms {
  const { kind, language, clinic, startsAt, confirmBy, now } = saying;
  const rendered = fillText(smsTexts[language][kind], {
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
