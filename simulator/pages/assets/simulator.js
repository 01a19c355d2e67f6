// The pages work without this script; with it they are live.

const scrollers = () => [...document.querySelectorAll('[data-scroll]')];

function isAtEnd(element) {
  return element.scrollHeight - element.scrollTop - element.clientHeight < 80;
}

function isBusy(element) {
  return (
    element.contains(document.activeElement) || [...element.querySelectorAll('textarea')].some(({ value }) => value)
  );
}

function apply({ id, html, into, at = 'end', beside, unlessBusy }) {
  const present = document.getElementById(id);
  if ((beside && !document.getElementById(beside)) || (unlessBusy && present && isBusy(present))) return;
  const template = document.createElement('template');
  template.innerHTML = html;
  const next = template.content.firstElementChild;
  if (present && !into) return replace(present, next);
  const parent = into && document.getElementById(into);
  if (!parent) return;
  present?.remove();
  next.classList.add('is-new');
  parent[at === 'start' ? 'prepend' : 'append'](next);
}

/** What somebody has opened, ticked or moved to stays so. */
function replace(present, next) {
  if (present.tagName === 'DETAILS') next.open = present.open;
  const tick = next.querySelector('[type=checkbox]');
  if (tick) tick.checked = present.querySelector('[type=checkbox]').checked;
  const hadFocus = present.contains(document.activeElement);
  present.replaceWith(next);
  if (!hadFocus) return;
  const place = next.hidden
    ? next.closest('.phone')?.querySelector('textarea')
    : next.querySelector('summary, button, a');
  place?.focus();
}

function patch(fragments) {
  const staying = scrollers().filter((element) => !isAtEnd(element));
  fragments.forEach(apply);
  for (const element of scrollers()) if (!staying.includes(element)) element.scrollTop = element.scrollHeight;
}

function listen(address) {
  const source = new EventSource(address);
  source.addEventListener('patch', (event) => patch(JSON.parse(event.data)));
  source.addEventListener('reset', () => location.reload());
}

async function reply(form, button) {
  const problem = form.querySelector('.problem');
  const fields = new URLSearchParams(new FormData(form, button));
  const field = form.querySelector('textarea, [type=text]');
  const say = (text, isGood) => {
    problem.textContent = text;
    problem.classList.toggle('good', isGood);
  };
  try {
    const answer = await fetch(form.action, { method: 'POST', body: fields, headers: { accept: 'application/json' } });
    say(await answer.text(), answer.ok);
    if (answer.ok && field?.value === fields.get('body')) field.value = '';
  } catch {
    say('The simulator does not answer. Is it running?', false);
  }
}

document.addEventListener('submit', (event) => {
  const isLeaving = event.submitter?.hasAttribute('formaction');
  if (!event.target.matches('form[data-reply]') || isLeaving) return;
  event.preventDefault();
  void reply(event.target, event.submitter);
});
document.addEventListener('keydown', (event) => {
  const { target } = event;
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !target.matches('[data-reply] textarea')) return;
  event.preventDefault();
  target.form.requestSubmit();
});

// All phones of the wall take part in a race, or none.
for (const button of document.querySelectorAll('[data-tick]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const ticks = [...button.form.elements].filter(({ type }) => type === 'checkbox');
    const isAnyOff = ticks.some(({ checked }) => !checked);
    for (const tick of ticks) tick.checked = isAnyOff;
  });
}

for (const element of scrollers()) element.scrollTop = element.scrollHeight;
for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
  tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
}

// A mail is as tall as it needs to be.
function fit(frame) {
  const height = frame.contentDocument?.documentElement.getBoundingClientRect().height ?? 0;
  if (height > 0) frame.style.height = `${Math.ceil(height) + 2}px`;
}

document.querySelectorAll('iframe').forEach(fit);
document.addEventListener('load', ({ target }) => target.tagName === 'IFRAME' && fit(target), true);
document.addEventListener('change', ({ target }) => {
  const frame = target.closest('.opened')?.querySelector('iframe');
  if (frame) fit(frame);
});
if (document.body.dataset.live) listen(document.body.dataset.live);
