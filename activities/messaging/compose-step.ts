import type { StepFacts, Visit } from '../../db/commands/notifications/facts.ts';
import { stepQuestions } from '../../db/commands/notifications/step-facts.ts';
import { type PrintedQuestion, printQuestions } from '../../db/commands/questions/ask.ts';
import type { Channel, MessageKind } from '../../domain/plan.ts';
import type { Language } from '../../domain/spoken-time.ts';
import { calendarFile } from './calendar.ts';
import type { Composed, Composition, Form } from './composition.ts';
import { renderEmail } from './render-email.ts';
import { renderSms } from './render-sms.ts';
import type { Saying } from './saying.ts';
import { newPageToken } from './secrets.ts';

interface Draft {
  composition: Composition<StepFacts>;
  visits: readonly Visit[];
  language: Language;
  links: readonly string[];
  questions: readonly PrintedQuestion[];
}

/** Says a step of a plan, with a fresh link for each visit; by text also with the codes that answer it. */
export function composeStep(composition: Composition<StepFacts>, language: Language): Composed {
  const { facts, channel, publicUrl } = composition;
  const { before, handOver, recipient } = facts;
  const visits = facts.visits.toSorted((a, b) => a.startsAt - b.startsAt);
  const pages = visits.map((visit) => ({ ...newPageToken(), appointmentId: visit.id }));
  const links = pages.map(({ token }) => `${publicUrl}/a/${token}`);
  const asks = channel === 'sms' && before !== null;
  const questions = asks ? printQuestions(before, stepQuestions(handOver.step.kind, { recipient, visits })) : [];
  const tokens = pages.map(({ digest, appointmentId }) => ({ digest, appointmentId, patientId: recipient.id }));
  return { ...forms[channel]({ composition, visits, language, links, questions }), visits, tokens, questions };
}

const forms: { [C in Channel]: (draft: Draft) => Form<C> } = {
  sms: (draft) => {
    const { body, segments, text } = renderSms(sayingOf(draft), draft.links);
    return { subject: null, body, segments, content: { text } };
  },
  email: (draft) => {
    const { subject, body, text, html } = renderEmail(sayingOf(draft), draft.links);
    const fromName = draft.composition.facts.clinic.name;
    return { subject, body, segments: 0, content: { fromName, subject, text, html, calendar: attachedTo(draft) } };
  },
};

function sayingOf({ composition: { facts, now }, visits, language, questions }: Draft): Saying {
  const { kind, previousStartsAt = null } = facts.handOver.step;
  // An end names the time that the patient knows: of a move before it they were never told.
  const isEnd = (kind === 'cancelled' || kind === 'expired') && previousStartsAt !== null;
  return {
    kind,
    language,
    clinic: facts.clinic,
    startsAt: isEnd ? [previousStartsAt] : visits.map((visit) => visit.startsAt),
    previousStartsAt: isEnd ? null : previousStartsAt,
    confirmBy: visits[0]?.confirmBy ?? null,
    codes: questions.map((question) => question.codes),
    now,
  };
}

/** A question that is asked again is about an entry that came with the first. */
const withoutFile: readonly MessageKind[] = ['nudge'];

/** None for a patient who hears of changes by text message alone: nobody would take the entry back. */
function attachedTo({ composition, visits, language }: Draft): string | null {
  const { facts, isKeptByEmail, now, publicUrl } = composition;
  if (!isKeptByEmail || withoutFile.includes(facts.handOver.step.kind)) return null;
  const domain = new URL(publicUrl).hostname;
  const { name, address } = facts.clinic;
  const sender = facts.recipient.senders.email ?? '';
  return calendarFile({ visits, clinic: { name, address }, sender, domain, language, now });
}
