import { html } from 'hono/html';
import { type Html, type View, noticeLine, pressForm, visitFrame } from './frame.ts';
import { choicesOf } from './standing.ts';
import { pageTexts } from './texts/index.ts';
import { whenOf } from './when.ts';

/** Asks once more before the time is given away; first of all, whether another one would do. */
export function cancelPage(view: View): Html {
  const { visit, token, language, now } = view;
  const { cancel } = pageTexts[language];
  const { title, yes } = cancel[visit.status === 'pending' ? 'waiting' : 'booked'];
  const choices = choicesOf(visit, now);
  const moveInstead = html`<div class="instead">
    <p>${cancel.moveInstead}</p>
    <a class="way main" href="/a/${token}/move"><span>${cancel.otherTimes}</span></a>
  </div>`;
  return visitFrame(
    view,
    title,
    html`<section class="card plain">
      ${noticeLine(view)}
      <h1>${title}</h1>
      ${whenOf(view)} ${choices && 'until' in choices.move ? moveInstead : ''}
      <p class="meaning">${cancel.meaning}</p>
      ${pressForm(view, 'cancel', html`<button class="quiet">${yes}</button>`)}
      <a class="back" href="/a/${token}">${cancel.no}</a>
    </section>`,
  );
}
