/** The look of the page: one column for a small phone, system fonts, light and dark, nothing to load. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f4f1ec; --card: #ffffff; --ink: #1d2a2e; --soft: #56676c; --line: #e3ded5;
  --accent: #0f6b63; --accent-ink: #ffffff; --accent-press: #0b544e;
  --edge: #7d8b8f; --good: #1b6b3a; --good-back: #e3f3e8; --wait: #7a4a00; --wait-back: #fdf0d5; --gone: #4d565a; --gone-back: #eceeee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12191b; --card: #1b2528; --ink: #edf2f2; --soft: #a5b5b8; --line: #2e3b3f;
    --accent: #5cc7b8; --accent-ink: #06251f; --accent-press: #7fd8cb;
    --edge: #7f9296; --good: #8fdcab; --good-back: #1a3526; --wait: #f3cd84; --wait-back: #3a2d10; --gone: #b6c1c4; --gone-back: #2a3336;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--paper); color: var(--ink); min-height: 100vh; padding: 20px 16px 40px;
  font: 1.0625rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  -webkit-text-size-adjust: 100%; overflow-wrap: anywhere;
}
main { max-width: 27rem; margin: 0 auto; }
header { display: flex; align-items: center; gap: 10px; padding: 4px 4px 16px; font-weight: 600; }
header::before { content: ""; width: 10px; height: 10px; border-radius: 50%; background: var(--accent); flex: none; }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 20px; padding: 22px 20px 24px;
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 12px 32px -16px rgb(0 0 0 / .18);
}
h1 { font-size: 1rem; font-weight: 500; color: var(--soft); }
.status { display: inline-block; margin: 10px 0 18px; padding: 4px 12px; border-radius: 999px; font-size: .9375rem; font-weight: 600; }
.waiting .status { color: var(--wait); background: var(--wait-back); }
.booked .status { color: var(--good); background: var(--good-back); }
.cancelled .status, .expired .status, .over .status { color: var(--gone); background: var(--gone-back); }
.time { display: flex; gap: 16px; align-items: center; padding-bottom: 18px; border-bottom: 1px solid var(--line); }
.leaf { width: 76px; flex: none; border: 1px solid var(--line); border-radius: 14px; overflow: hidden; text-align: center; }
.leaf span { display: block; background: var(--accent); color: var(--accent-ink); font-size: .8125rem; font-weight: 600; padding: 3px 2px; }
.leaf b { display: block; font-size: 2.125rem; line-height: 1.45; font-weight: 650; font-variant-numeric: tabular-nums; }
.day, .hour { display: block; }
.day { font-size: 1.125rem; line-height: 1.35; margin-bottom: 2px; }
.day::first-letter { text-transform: uppercase; }
.hour { font-size: clamp(1.375rem, 7vw, 1.75rem); line-height: 1.25; font-weight: 700; font-variant-numeric: tabular-nums; white-space: nowrap; }
.cancelled .hour, .expired .hour { text-decoration: line-through; text-decoration-thickness: 2px; color: var(--soft); }
.cancelled .leaf span, .expired .leaf span, .over .leaf span { background: var(--gone-back); color: var(--gone); }
dl { padding: 14px 0 0; }
dt { font-size: .875rem; color: var(--soft); }
.meaning { margin-top: 16px; }
.until { margin-top: 6px; font-weight: 600; }
.until span, .present span, .phone { display: inline-block; }
.plain h1 { color: inherit; font-size: 1.375rem; line-height: 1.3; font-weight: 650; margin-bottom: 14px; }
.trouble, .done { margin-bottom: 18px; padding: 12px 14px; border-radius: 12px; }
.trouble { color: var(--wait); background: var(--wait-back); border: 1px solid currentColor; }
.done { color: var(--good); background: var(--good-back); font-weight: 600; }
button, .way {
  display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 0 8px; width: 100%; min-height: 56px;
  margin-top: 20px; padding: 10px 16px; border: 0; border-radius: 14px; cursor: pointer; text-align: center;
  background: var(--accent); color: var(--accent-ink); font: inherit; font-size: 1.125rem; font-weight: 650; text-decoration: none;
}
button:hover, button:active, .way.main:hover, .way.main:active { background: var(--accent-press); }
.way { margin-top: 10px; font-size: 1.0625rem; font-weight: 600; }
.way:not(.main), button.quiet { background: none; color: var(--accent); border: 1px solid var(--edge); }
.way:not(.main):hover, .way:not(.main):active, button.quiet:hover, button.quiet:active { background: var(--paper); }
.way span { flex: none; max-width: 100%; }
.way small { color: var(--soft); font-size: .875rem; font-weight: 400; }
.changes { margin-top: 22px; padding-top: 10px; border-top: 1px solid var(--line); }
.barred { margin-top: 10px; }
.back { display: flex; align-items: center; justify-content: center; min-height: 48px; margin-top: 12px; text-align: center; }
.instead { margin-top: 16px; padding-bottom: 22px; border-bottom: 1px solid var(--line); }
.present { margin: -8px 0 10px; font-weight: 600; }
.weeks { display: flex; flex-wrap: wrap; justify-content: space-between; margin-top: 16px; }
.weeks p { width: 100%; font-weight: 600; text-align: center; }
.weeks a { padding: 11px 4px; }
.weeks a::before, .weeks a::after { display: inline-block; margin: 0 6px; }
.weeks .prev::before { content: "\\2190" / ""; }
.weeks .next { margin-left: auto; }
.weeks .next::after { content: "\\2192" / ""; }
details { border-top: 1px solid var(--line); }
details[open] { padding-bottom: 18px; }
summary { display: flex; flex-wrap: wrap; align-items: center; gap: 0 10px; min-height: 56px; padding: 10px 26px 10px 2px; position: relative; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::after {
  content: ""; position: absolute; right: 8px; top: calc(50% - 7px); width: 9px; height: 9px;
  border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg);
}
details[open] summary::after { top: calc(50% - 3px); transform: rotate(225deg); }
h2 { font-size: 1.0625rem; font-weight: 600; }
h2::first-letter { text-transform: uppercase; }
summary small { color: var(--soft); font-size: .875rem; }
fieldset { min-width: 0; padding: 0; border: 0; }
fieldset + fieldset { margin-top: 14px; }
legend { padding: 0 0 6px; font-size: .875rem; color: var(--soft); }
.starts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(5.5rem, 100%), 1fr)); gap: 8px; }
label {
  display: flex; align-items: center; gap: 6px; min-height: 48px; padding: 4px 4px 4px 8px; border: 1px solid var(--edge); border-radius: 12px;
  cursor: pointer; font-variant-numeric: tabular-nums;
}
label:hover { background: var(--paper); }
label:has(:checked) { background: var(--good-back); border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 650; }
label span { white-space: nowrap; }
label small { display: block; font-size: .75rem; font-weight: 400; }
input[type=radio] { flex: none; width: 20px; height: 20px; margin: 0; accent-color: var(--accent); }
.take { padding: 4px 0 2px; border-top: 1px solid var(--line); background: var(--card); }
.take button { margin-top: 12px; }
@media (min-height: 32rem) {
  html:has(.take) { scroll-padding-bottom: 110px; }
  .take { position: sticky; bottom: 0; margin: 0 -20px; padding: 4px 20px 12px; }
}
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 6px; }
button:focus-visible, .way:focus-visible { border-radius: 14px; }
label:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
label :focus-visible { outline-offset: 1px; outline-width: 2px; }
footer { padding: 18px 4px 0; color: var(--soft); font-size: .9375rem; }
footer .phone, .barred .phone { padding: 10px 0; margin: -10px 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
