import { html } from 'hono/html';
import { formatInstant, localParts } from '../../../domain/clinic-time.ts';
import type { Instant } from '../../../domain/interval.ts';
import { sayTimes } from '../../../domain/spoken-time.ts';
import { type Html, type View, filled, noticeLine, pressForm, visitFrame, withPhone } from './frame.ts';
import { pageTexts } from './texts/index.ts';
import type { PageTexts } from './texts/texts.ts';
import type { Day, Week } from './week.ts';
import { dayInFull, timeOfDay, weekInFull } from './when.ts';

export interface MoveView extends View {
  week: Week;
  /** What was chosen before, where it could not be saved. */
  chosen?: Instant | undefined;
}

/** So many times of a week are all shown at once; of more, those of the first day. */
const FEW = 12;

/** The times of a week to choose from, in one form. */
export function movePage(view: MoveView): Html {
  const { visit, token, language, now, week } = view;
  const texts = pageTexts[language];
  const { move } = texts;
  const present = sayTimes([visit.startsAt], visit.timeZone, language, now);
  const isOffering = week.days.length > 0;
  return visitFrame(
    view,
    move.title,
    html`<section class="card plain">
      ${noticeLine(view)}
      <h1>${move.title}</h1>
      <p class="present">${filled(move.present, 'when', html`<span>${present}</span>`)}</p>
      ${isOffering ? html`<p>${move.meaning[visit.status === 'pending' ? 'waiting' : 'booked']}</p>` : ''}
      ${isOffering || week.elsewhere ? weeks(view) : ''} ${isOffering ? times(view, texts) : nothingHere(view, texts)}
      <a class="back" href="/a/${token}">${move.back}</a>
    </section>`,
  );
}

function weeks({ week, language, token }: MoveView): Html {
  const { move } = pageTexts[language];
  const link = (first: string | null, name: string, rel: string) =>
    first ? html`<a class="${rel}" rel="${rel}" href="/a/${token}/move?from=${first}">${name}</a>` : '';
  return html`<nav class="weeks" aria-label="${move.weeks}">
    <p>${weekInFull(week.first, language)}</p>
    ${link(week.earlier, move.earlier, 'prev')} ${link(week.later, move.later, 'next')}
  </nav>`;
}

function nothingHere({ week, token, language, visit }: MoveView, { move }: PageTexts): Html {
  if (week.elsewhere === null) return html`<p class="meaning">${withPhone(move.none, visit.phone)}</p>`;
  const name = move.elsewhere.replace('{week}', weekInFull(week.elsewhere, language));
  return html`<p class="meaning">${move.noneHere}</p>
    <a class="way main" href="/a/${token}/move?from=${week.elsewhere}"><span>${name}</span></a>`;
}

function times(view: MoveView, texts: PageTexts): Html {
  const { week, chosen } = view;
  const isShort = week.days.reduce((sum, { starts }) => sum + starts.length, 0) <= FEW;
  const chosenDay = week.days.find(({ starts }) => starts.some((startsAt) => startsAt === chosen));
  const isOpen = (day: Day) => isShort || day === (chosenDay ?? week.days[0]);
  return pressForm(
    view,
    'move',
    html`<input type="hidden" name="from" value="${week.first}" />
      ${week.days.map((day) => dayOf(view, day, texts, isOpen(day)))}
      <div class="take"><button>${texts.move.take}</button></div>`,
  );
}

function dayOf(view: MoveView, { date, starts }: Day, texts: PageTexts, isOpen: boolean): Html {
  const { visit, language } = view;
  const { morning, afternoon, count } = texts.move;
  const day = dayInFull(date, language);
  const isEarly = (startsAt: Instant) => localParts(startsAt, visit.timeZone).hour < 12;
  const halves = [
    { name: morning, starts: starts.filter(isEarly) },
    { name: afternoon, starts: starts.filter((startsAt) => !isEarly(startsAt)) },
  ];
  const counted = count[starts.length === 1 ? 0 : 1].replace('{count}', String(starts.length));
  return html`<details ${isOpen ? 'open' : ''}>
    <summary>
      <h2>${day}</h2>
      <small>${counted}</small>
    </summary>
    ${halves
      .filter((half) => half.starts.length > 0)
      .map(
        (half) =>
          html`<fieldset>
            <legend><span class="hidden">${day}, </span>${half.name}</legend>
            <div class="starts">${half.starts.map((startsAt) => option(view, startsAt, starts))}</div>
          </fieldset>`,
      )}
  </details>`;
}

function option({ visit, language, chosen }: MoveView, startsAt: Instant, ofDay: readonly Instant[]): Html {
  const { timeZone } = visit;
  const read = (instant: Instant) => timeOfDay(instant, timeZone, language);
  // Where the clock goes back, an hour comes twice.
  const isDoubled = ofDay.some((other) => other !== startsAt && read(other) === read(startsAt));
  const offset = isDoubled ? html` <small>UTC${formatInstant(startsAt, timeZone).slice(-6)}</small>` : '';
  return html`<label>
    <input type="radio" name="startsAt" value="${formatInstant(startsAt)}" ${startsAt === chosen ? 'checked' : ''} />
    <span>${read(startsAt)}${offset}</span>
  </label>`;
}
