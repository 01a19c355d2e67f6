import { Liquid } from 'liquidjs';
import type { Instant } from '../../domain/interval.ts';
import type { MessageKind } from '../../domain/plan.ts';
import { smsSize, toSmsText } from '../../domain/sms-text.ts';
import { sayTimes } from '../../domain/spoken-time.ts';
import type { Language } from '../../domain/spoken-time.ts';
import { smsTexts } from './templates/index.ts';

const engine = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  // Without it an `include` would look at the disk.
  templates: {},
  parseLimit: 5_000,
  renderLimit: 500,
  memoryLimit: 100_000,
});

/** Stands for the patient's link wherever the text is kept: only a digest of the token in it may be stored. */
export const LINK_PLACEHOLDER = '{link}';

export interface Saying {
  kind: MessageKind;
  language: Language;
  clinic: { name: string; address: string; phone: string; timeZone: string };
  /** The visits' starts, on one local day. */
  startsAt: readonly Instant[];
  /** By when a question is to be answered. */
  confirmBy: Instant | null;
  now: Instant;
}

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
  const rendered = engine.parseAndRenderSync(smsTexts[language][kind], {
    clinic: clinic.name,
    place: clinic.address,
    phone: clinic.phone,
    when: sayTimes(startsAt, clinic.timeZone, language, now),
    ...(confirmBy === null ? {} : { answerBy: sayTimes([confirmBy], clinic.timeZone, language, now) }),
    link: links.map(() => LINK_PLACEHOLDER).join(' '),
  }) as string;
  const body = toSmsText(rendered);
  const text = links.reduce((filled, link) => filled.replace(LINK_PLACEHOLDER, () => link), body);
  return { body, text, segments: smsSize(text).segments };
}
