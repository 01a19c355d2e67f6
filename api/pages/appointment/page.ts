import { html } from 'hono/html';
import { sayTimes } from '../../../domain/spoken-time.ts';
import { type Html, type View, filled, noticeLine, pressForm, visitFrame, withPhone } from './frame.ts';
import { type Change, type Choices, choicesOf, situationOf } from './standing.ts';
import { pageTexts } from './texts/index.ts';
import type { Bar, Done, PageTexts } from './texts/texts.ts';
import { whenOf } from './when.ts';

export interface VisitView extends View {
  done?: Done | undefined;
  /** What the appointment has just refused, whatever we would have offered. */
  refused?: Partial<Record<Change, { bar: Bar }>>;
}

/** One visit, told as the message told it: clinic, date, time, place and status, and what the patient may do about it. */
export function visitPage(view: VisitView): Html {
  const { visit, language, now, done } = view;
  const texts = pageTexts[language];
  const situation = situationOf(visit, now);
  const possible = choicesOf(visit, now);
  return visitFrame(
    view,
    done ? `${texts.done[done]} ${texts.title}` : texts.title,
    html`<section class="card ${situation}">
      ${noticeLine(view)} ${done ? html`<p class="done" role="status">${texts.done[done]}</p>` : ''}
      <h1>${texts.title}</h1>
      <p class="status">${texts.status[situation]}</p>
      ${whenOf(view)}
      <dl>
        <dt>${texts.where}</dt>
        <dd>${visit.address}</dd>
      </dl>
      <p class="meaning">${texts.meaning[situation]}</p>
      ${situation === 'waiting' ? question(view, texts) : ''}
      ${possible ? changes(view, texts, { ...possible, ...view.refused }) : ''}
    </section>`,
  );
}

function question(view: View, texts: PageTexts): Html {
  const { visit, language, now } = view;
  const until = sayTimes([visit.confirmBy ?? now], visit.timeZone, language, now);
  const [before = '', after = ''] = texts.answerBy.split('{until}');
  return html`<p class="until">${before}<span>${until}${after}</span></p>
    ${pressForm(view, 'confirm', html`<button>${texts.confirm}</button>`)}`;
}

/** The ways to the pages that move and cancel; where they are closed, why, and where to call. */
function changes(view: View, texts: PageTexts, choices: Choices): Html {
  const { move, cancel } = choices;
  const call = (text: string) => html`<p class="barred">${withPhone(text, view.visit.phone)}</p>`;
  const draw = (change: Change) => {
    const choice = choices[change];
    return 'bar' in choice ? call(texts.barred[change][choice.bar]) : link(view, texts, change, choice.until);
  };
  const isOneReason = 'bar' in move && 'bar' in cancel && move.bar === cancel.bar;
  const drawn = isOneReason ? call(texts.barred.both[move.bar]) : html`${draw('move')}${draw('cancel')}`;
  return html`<div class="changes">${drawn}</div>`;
}

function link({ visit, token, language, now }: View, texts: PageTexts, change: Change, until: number): Html {
  const name = texts.choices[visit.status === 'pending' ? 'waiting' : 'booked'][change];
  const last = filled(texts.until, 'until', html`${sayTimes([until], visit.timeZone, language, now)}`);
  return html`<a class="way" href="/a/${token}/${change}"><span>${name}</span> <small>${last}</small></a>`;
}
