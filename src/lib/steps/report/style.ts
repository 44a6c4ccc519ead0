/** The look of every page: for wide and narrow screens, light and dark, and paper. Loads nothing. */
export const STYLE = `
:root { color-scheme: light dark; --back: #f5f6f8; --card: #fff; --text: #1b1f24; --soft: #57606a; --line: #d5dae0; --link: #0b5cad; --warn: #8a4b00; --warn-back: #fff4e0; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171b; --card: #1d2126; --text: #e7eaee; --soft: #a3acb7; --line: #363d46; --link: #7fb8ff; --warn: #ffc46b; --warn-back: #3a2c12; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 1rem; }
header { padding-top: 2rem; padding-bottom: 0; }
main { padding-top: 0; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2rem 0 .75rem; }
h3 { font-size: 1.05rem; line-height: 1.35; margin: 0 0 .5rem; }
p { margin: .5rem 0; max-width: 45rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
bdi { unicode-bidi: isolate; white-space: pre-wrap; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0; padding: 0; }
.soft, footer, figcaption, caption { color: var(--soft); font-size: .9rem; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
caption { text-align: left; padding: 0 0 .5rem; }
th, td { padding: .5rem .75rem; border-top: 1px solid var(--line); text-align: right; vertical-align: top; }
th:not(:first-child), td { overflow-wrap: normal; white-space: nowrap; }
th:first-child { text-align: left; font-weight: 600; }
thead th { font-weight: 600; border-top: 0; font-size: .9rem; color: var(--soft); }
.pages { font-size: .9rem; }
.pages li { min-width: 2.5rem; }
.facts { display: grid; grid-template-columns: minmax(auto, max-content) minmax(60%, 1fr); gap: .2rem 1rem; margin: 0; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; min-width: 0; }
.items { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; min-width: 0; }
article h4 { margin: 1rem 0 .25rem; font-size: 1rem; }
figure { margin: 0 0 .75rem; }
figure img { display: block; max-width: 100%; max-height: 14rem; min-height: 1.5rem; border-radius: 4px; border: 1px solid var(--line); background: var(--back); }
details { margin-top: .75rem; font-size: .9rem; }
summary { cursor: pointer; color: var(--link); }
pre { white-space: pre-wrap; background: var(--back); border-radius: 4px; padding: .75rem; margin: .5rem 0 0; font: .8rem/1.45 ui-monospace, Consolas, monospace; }
.note { border-left: 4px solid var(--warn); background: var(--warn-back); border-radius: 4px; padding: .5rem .75rem; margin: .75rem 0; }
.note strong { color: var(--warn); }
@media (max-width: 34rem) {
  th, td { padding: .4rem .3rem; font-size: .85rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: .4rem; }
}
@media print {
  :root { --back: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb; --link: #000; --warn: #000; --warn-back: #fff; }
  body { font-size: 10pt; }
  nav, details { display: none; }
  header, main, footer { max-width: none; padding: 0; }
  .items { grid-template-columns: 1fr 1fr; }
  article, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;
