/** The look of the page: one column for a small phone, system fonts, light and dark, nothing to load. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f4f1ec; --card: #ffffff; --ink: #1d2a2e; --soft: #56676c; --line: #e3ded5;
  --accent: #0f6b63; --accent-ink: #ffffff; --accent-press: #0b544e;
  --good: #1b6b3a; --good-back: #e3f3e8; --wait: #7a4a00; --wait-back: #fdf0d5; --gone: #4d565a; --gone-back: #eceeee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12191b; --card: #1b2528; --ink: #edf2f2; --soft: #a5b5b8; --line: #2e3b3f;
    --accent: #5cc7b8; --accent-ink: #06251f; --accent-press: #7fd8cb;
    --good: #8fdcab; --good-back: #1a3526; --wait: #f3cd84; --wait-back: #3a2d10; --gone: #b6c1c4; --gone-back: #2a3336;
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
.until span { white-space: nowrap; }
.plain h1 { color: inherit; font-size: 1.25rem; line-height: 1.35; font-weight: 650; }
.trouble { margin-bottom: 18px; padding: 12px 14px; border-radius: 12px; color: var(--wait); background: var(--wait-back); }
button {
  width: 100%; min-height: 56px; margin-top: 20px; padding: 12px 20px; border: 0; border-radius: 14px; cursor: pointer;
  background: var(--accent); color: var(--accent-ink); font: inherit; font-size: 1.125rem; font-weight: 650;
}
button:hover, button:active { background: var(--accent-press); }
a { color: var(--accent); text-underline-offset: 3px; white-space: nowrap; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 6px; }
button:focus-visible { border-radius: 14px; }
footer { padding: 18px 4px 0; color: var(--soft); font-size: .9375rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
