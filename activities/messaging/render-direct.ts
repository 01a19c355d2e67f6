import type { ListedQuestion, Reply } from '../../domain/direct-message.ts';
import type { Instant } from '../../domain/interval.ts';
import { spacedPhone } from '../../domain/phone.ts';
import type { QuestionAnswer } from '../../domain/question.ts';
import { smsSize, toSmsText } from '../../domain/sms-text.ts';
import { type Language, sayTimes } from '../../domain/spoken-time.ts';
import { fillHtml, fillText } from './liquid.ts';
import type { RenderedEmail } from './render-email.ts';
import type { RenderedSms } from './render-sms.ts';
import { LINK_PLACEHOLDER, type Saying, withLinks } from './saying.ts';
import { directTexts } from './templates/direct/index.ts';
import { freeTextLayout, freeTextPage } from './templates/direct/layout.ts';
import type { DirectTexts } from './templates/direct/texts.ts';
import { letters } from './templates/letters/index.ts';

/** What is to be said apart from a visit's plan, with the codes that it prints; `own` is when the patient's own visit starts. */
export type DirectWord =
  | { kind: 'offer'; startsAt: Instant; own: Instant | null; code: string }
  | { kind: 'offerGone'; startsAt: Instant; own: Instant | null }
  | { kind: 'proposal'; times: readonly { code: string; startsAt: Instant }[]; until: Instant; own: Instant | null }
  | { kind: 'freeText'; body: string }
  | ({ kind: 'reply' } & Reply);

export interface DirectSaying {
  word: DirectWord;
  language: Language;
  clinic: Saying['clinic'];
  /** To the page of the visit that it is about, where that helps. */
  link?: string | undefined;
  now: Instant;
}

interface Voice {
  texts: DirectTexts;
  say: (instant: Instant) => string;
  fill: (template: string, values?: object) => string;
  hasLink: boolean;
}

/** The text message that says this. */
export function renderDirectSms({ word, language, clinic, link, now }: DirectSaying): RenderedSms {
  const known = { clinic: clinic.name, place: clinic.address, phone: clinic.phone, link: link && LINK_PLACEHOLDER };
  const rendered = wordsOf(word, {
    texts: directTexts[language],
    say: (instant) => sayTimes([instant], clinic.timeZone, language, now),
    fill: (template, values = {}) => fillText(template, { ...known, ...values }),
    hasLink: link !== undefined,
  });
  const body = toSmsText(rendered);
  const text = withLinks(body, link === undefined ? [] : [link]);
  return { body, text, segments: smsSize(text).segments };
}

function wordsOf(word: DirectWord, voice: Voice): string {
  const { texts, say, fill } = voice;
  const withOwn = (template: string, addition: string, own: Instant | null, values: object) =>
    own === null ? fill(template, values) : fill(template + addition, { ...values, own: say(own) });
  switch (word.kind) {
    case 'offer':
      return withOwn(texts.offer, texts.offerInsteadOf, word.own, { when: say(word.startsAt), take: word.code });
    case 'offerGone':
      return withOwn(texts.offerGone, texts.ownStands, word.own, { when: say(word.startsAt) });
    case 'proposal': {
      const list = word.times.map(({ code, startsAt }) => `\n${code}: ${say(startsAt)}`).join('');
      return withOwn(texts.proposal, texts.proposalInsteadOf, word.own, { list, until: say(word.until) });
    }
    case 'freeText':
      return fill('{{ clinic }}: {{ body }}', { body: word.body });
    case 'reply':
      return replyOf(word, voice);
  }
}

function replyOf(reply: Reply, voice: Voice): string {
  const { texts, say, fill } = voice;
  if (reply.variant === 'stands') return fill(`{{ clinic }}:${texts.ownStands}`, { own: say(reply.startsAt) });
  const template = texts.replies[reply.variant];
  if (reply.variant === 'confirmCancel') {
    const [{ startsAt, codes }] = reply.questions;
    return fill(voice.hasLink ? texts.moveOrCancel : template, { when: say(startsAt), code: codes[0]?.code });
  }
  if ('startsAt' in reply) return fill(template, { when: say(reply.startsAt) });
  if (!('questions' in reply)) return fill(template);
  // Without a code to reply with, the telephone is left.
  if (reply.questions.length === 0) return fill(texts.replies.callUs);
  return fill(template, { list: reply.questions.map((question) => listed(question, voice)).join('') });
}

/** "Wed 27 Jan at 12:30: K7 = confirm, M4 = give it up", a line for each time. */
function listed({ startsAt, codes }: ListedQuestion, { texts, say }: Voice): string {
  const times = [...new Set(codes.map((one) => one.startsAt ?? startsAt))];
  const codesAt = (time: Instant) => codes.filter((one) => (one.startsAt ?? startsAt) === time);
  const lineOf = (time: Instant) => codesAt(time).map(({ code, answer }) => meaningOf(code, answer, texts));
  return times.map((time) => `\n${say(time)}: ${lineOf(time).join(', ')}`).join('');
}

function meaningOf(code: string, answer: QuestionAnswer, { answers }: DirectTexts): string {
  return answer in answers ? `${code} = ${answers[answer as keyof typeof answers]}` : code;
}

/** The e-mail with what staff wrote. */
export function renderFreeTextEmail({
  body,
  language,
  clinic,
}: Omit<DirectSaying, 'word' | 'now'> & { body: string }): RenderedEmail {
  const name = clinic.name.replace(/\s+/g, ' ').trim();
  const subject = fillText(directTexts[language].freeTextSubject, { clinic: name });
  const call = fillText(letters[language].words.call, { phone: spacedPhone(clinic.phone) });
  const content = { language, subject, clinic: name, body, call };
  const text = fillText(freeTextLayout, content);
  return { subject, body: text, text, html: fillHtml(freeTextPage, content) };
}
