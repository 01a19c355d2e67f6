import { directQuestions } from '../../db/commands/notifications/direct-facts.ts';
import type { DirectFacts, DirectSubject } from '../../db/commands/notifications/facts.ts';
import { type PrintedQuestion, printQuestions } from '../../db/commands/questions/ask.ts';
import type { Language } from '../../domain/spoken-time.ts';
import type { Composed, Composition, Form } from './composition.ts';
import { type DirectWord, renderDirectSms, renderFreeTextEmail } from './render-direct.ts';
import { newPageToken } from './secrets.ts';

/** Says what was planned by itself, with the codes that answer it. */
export function composeDirect(composition: Composition<DirectFacts>, language: Language): Composed {
  const { facts } = composition;
  const { before, subject, recipient } = facts;
  const times = 'startsAt' in subject ? subject.startsAt.length : undefined;
  const asked = directQuestions(subject.content, recipient.id);
  const questions = before === null ? [] : printQuestions(before, asked, times);
  const page = pageOf(composition);
  const form = formOf(composition, language, questions, page?.link);
  return { ...form, visits: [], tokens: page ? [page.token] : [], questions };
}

/** Of the visit that it asks whether to cancel: on it, the patient may rather move it. */
function pageOf({ facts: { subject, recipient }, publicUrl }: Composition<DirectFacts>) {
  const { content } = subject;
  const isAsked = content.kind === 'reply' && content.variant === 'confirmCancel';
  if (!isAsked || !content.appointmentId || recipient.id === null) return null;
  const { token, digest } = newPageToken();
  const { appointmentId } = content;
  return { token: { digest, appointmentId, patientId: recipient.id }, link: `${publicUrl}/a/${token}` };
}

function formOf(
  { facts, channel, now }: Composition<DirectFacts>,
  language: Language,
  questions: readonly PrintedQuestion[],
  link: string | undefined,
): Form {
  const { clinic, subject } = facts;
  if (channel === 'email' && 'body' in subject) {
    const { body, ...letter } = renderFreeTextEmail({ body: subject.body, language, clinic });
    const content = { fromName: clinic.name, ...letter, calendar: null };
    return { subject: letter.subject, body, segments: 0, content };
  }
  const word = wordOf(subject, questions[0]?.codes.map(({ code }) => code) ?? []);
  const { body, segments, text } = renderDirectSms({ word, language, clinic, link, now });
  return { subject: null, body, segments, content: { text } };
}

function wordOf(subject: DirectSubject, codes: readonly string[]): DirectWord {
  if ('body' in subject) return { kind: 'freeText', body: subject.body };
  if ('expiresAt' in subject) {
    const times = subject.startsAt.map((startsAt, index) => ({ code: codes[index] ?? '', startsAt }));
    return { kind: 'proposal', times, until: subject.expiresAt, own: subject.content.ownStartsAt };
  }
  if (subject.content.kind === 'reply') return subject.content;
  const { kind, startsAt, ownStartsAt: own } = subject.content;
  return kind === 'offer' ? { kind, startsAt, own, code: codes[0] ?? '' } : { kind, startsAt, own };
}
