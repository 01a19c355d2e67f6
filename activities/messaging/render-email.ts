import { spacedPhone } from '../../domain/phone.ts';
import type { MessageKind } from '../../domain/plan.ts';
import { sayTimeOfDay, spellTimes } from '../../domain/spoken-time.ts';
import { fillHtml, fillText } from './liquid.ts';
import { LINK_PLACEHOLDER, type Saying, withLinks } from './saying.ts';
import { letters } from './templates/letters/index.ts';
import { htmlLayout, textLayout } from './templates/letters/layout.ts';
import type { LetterWords } from './templates/letters/letter.ts';

export interface RenderedEmail {
  subject: string;
  /** With a placeholder for each link. */
  body: string;
  /** With the links themselves, as it is sent. */
  text: string;
  html: string;
}

/** The letter that says this, with one link for each visit. */
export function renderEmail(saying: Saying, links: readonly string[]): RenderedEmail {
  const { kind, language, clinic } = saying;
  const { words, letters: all } = letters[language];
  const letter = all[kind];
  const subject = fillText(letter.subject, { clinic: oneLine(clinic.name) });
  const content = {
    language,
    subject,
    clinic: oneLine(clinic.name),
    heading: letter.heading,
    lead: letter.lead,
    facts: factsOf(saying, words),
    call: fillText(words.call, { phone: spacedPhone(clinic.phone) }),
    automatic: words.automatic,
  };
  const linked = (addresses: readonly string[]) => ({ ...content, links: linksOf(saying, letter.button, addresses) });
  const body = fillText(textLayout, linked(links.map(() => LINK_PLACEHOLDER)));
  return { subject, body, text: withLinks(body, links), html: fillHtml(htmlLayout, linked(links)) };
}

interface Fact {
  label: string;
  text: string;
  /** True: it holds no longer. */
  isGone: boolean;
}

const gone: readonly MessageKind[] = ['cancelled', 'expired'];
const questions: readonly MessageKind[] = ['ask', 'nudge'];

function factsOf(saying: Saying, words: LetterWords): Fact[] {
  const { kind, language, clinic, startsAt, previousStartsAt, confirmBy } = saying;
  const isGone = gone.includes(kind);
  const spell = (instants: Saying['startsAt']) => spellTimes(instants, clinic.timeZone, language);
  const facts: Fact[] = [{ label: words.when, text: spell(startsAt), isGone }];
  if (previousStartsAt !== null) {
    facts.push({ label: words.insteadOf, text: spell([previousStartsAt]), isGone: true });
  }
  if (!isGone) facts.push({ label: words.where, text: oneLine(clinic.address), isGone: false });
  if (questions.includes(kind) && confirmBy !== null) {
    facts.push({ label: words.answerBy, text: spell([confirmBy]), isGone: false });
  }
  return facts;
}

/** Of several visits each has a page of its own, told apart by the time of day. */
function linksOf({ startsAt, clinic, language }: Saying, button: string, addresses: readonly string[]) {
  return addresses.map((address, index) => {
    const start = addresses.length > 1 ? startsAt[index] : undefined;
    const label = start === undefined ? button : `${button}, ${sayTimeOfDay(start, clinic.timeZone, language)}`;
    return { label, address };
  });
}

/** A line break in a name would be one in the letter's head. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
