// The pages work without this script; with it they are live.

const scrollers = () => document.querySelectorAll('[data-scroll]');

function isAtEnd(element) {
  return element.scrollHeight - element.scrollTop - element.clientHeight < 80;
}

function apply({ id, html, into, at = 'end' }) {
  const template = document.createElement('template');
  template.innerHTML = html;
  const next = template.content.firstElementChild;
  const present = document.getElementById(id);
  if (present?.tagName === 'DETAILS') next.open = present.open;
  if (present && !into) return present.replaceWith(next);
  const parent = into && document.getElementById(into);
  if (!parent) return;
  present?.remove();
  next.classList.add('is-new');
  parent[at === 'start' ? 'prepend' : 'append'](next);
}

function patch(fragments) {
  const following = [...scrollers()].filter(isAtEnd);
  fragments.forEach(apply);
  for (const element of following) element.scrollTop = element.scrollHeight;
}

function listen(address) {
  const source = new EventSource(address);
  source.addEventListener('patch', (event) => patch(JSON.parse(event.data)));
  source.addEventListener('reset', () => location.reload());
}

async function reply(form, button) {
  const problem = form.querySelector('.problem');
  const fields = new URLSearchParams(new FormData(form, button));
  const field = form.querySelector('textarea');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: fields, headers: { accept: 'application/json' } });
    problem.textContent = answer.ok ? '' : await answer.text();
    if (answer.ok && field?.value === fields.get('body')) field.value = '';
  } catch {
    problem.textContent = 'The simulator does not answer. Is it running?';
  }
}

for (const form of document.querySelectorAll('form[data-reply]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void reply(form, event.submitter);
  });
  form.querySelector('textarea')?.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
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
