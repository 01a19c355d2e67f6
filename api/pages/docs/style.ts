/** The look of the API's readable page: contents beside the text on a wide screen, above it on a narrow one. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --side: #f6f4f0; --ink: #1d2a2e; --soft: #56676c; --line: #e3ded5; --code: #f2efe9; --accent: #0f6b63;
  --get: #1b6b3a; --post: #1d4f91; --patch: #7a4a00; --delete: #96281b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12191b; --side: #182124; --ink: #e6eded; --soft: #a5b5b8; --line: #2e3b3f; --code: #1f2a2d; --accent: #5cc7b8;
    --get: #8fdcab; --post: #9cc3f5; --patch: #f3cd84; --delete: #f2a79d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
a { color: var(--accent); text-underline-offset: 3px; }
nav { background: var(--side); border-bottom: 1px solid var(--line); padding: 24px; font-size: .9375rem; max-height: 45vh; overflow-y: auto; }
nav h2 { font-size: .8125rem; color: var(--soft); margin: 20px 0 4px; font-weight: 600; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { color: inherit; text-decoration: none; display: block; padding: 2px 0; }
nav a:hover { color: var(--accent); }
nav .brand { font-size: 1.25rem; font-weight: 700; }
main { padding: 24px; max-width: 58rem; min-width: 0; }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; height: 100vh; max-height: none; border: 0; border-right: 1px solid var(--line); }
  main { padding: 40px 56px 80px; }
}
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 12px; }
main > h2 { margin: 56px 0 0; padding-top: 20px; border-top: 1px solid var(--line); font-size: 1.5rem; }
article { margin-top: 32px; }
h3 { margin: 0 0 4px; font-size: 1.125rem; scroll-margin-top: 20px; }
h4 { margin: 18px 0 4px; font-size: .8125rem; color: var(--soft); font-weight: 600; }
p { margin: 6px 0; }
.call { display: block; font-size: .9375rem; background: var(--code); border-radius: 8px; padding: 8px 12px; margin: 6px 0; overflow-wrap: anywhere; }
.call b { margin-right: 8px; }
.get { color: var(--get); } .post { color: var(--post); } .patch { color: var(--patch); } .delete { color: var(--delete); }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
pre { background: var(--code); border-radius: 8px; padding: 12px 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
p code, td code { background: var(--code); border-radius: 4px; padding: 1px 4px; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
td { border-top: 1px solid var(--line); padding: 6px 12px 6px 0; vertical-align: top; overflow-wrap: anywhere; }
td:first-child { width: 34%; }
.soft { color: var(--soft); }
`;
