/** The look of a report: light and dark as the reader's system has it, light on paper. */

const LIGHT = `--paper: #fff; --ink: #1c2430; --muted: #5b6675; --faint: #d9dee5; --wash: #f4f6f8;
  --accent: #1f6fb2; --warm: #c2560c; --green: #2b8a3e; --violet: #7048b6; --rose: #b8336a; --teal: #0b7f87; --alarm: #b3261e;`;
const DARK = `--paper: #14181e; --ink: #e3e8ee; --muted: #9aa5b3; --faint: #353d48; --wash: #1c222a;
  --accent: #6cb2f0; --warm: #f0a35e; --green: #7ccb8a; --violet: #b79cf0; --rose: #f08fb2; --teal: #63cbd3; --alarm: #ff8a80;`;

/** Of a drawing that stands alone. */
export const DRAWING_STYLE = `svg { ${LIGHT} font: 12px system-ui, sans-serif; background: var(--paper); color: var(--ink); }
@media (prefers-color-scheme: dark) { svg { ${DARK} } }`;

export const STYLE = `:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 68rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; padding-top: .7rem; border-top: 1px solid var(--faint); }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .5rem 0; max-width: 46rem; }
.lead { font-size: 1.08rem; }
.quiet, figcaption { color: var(--muted); font-size: .9rem; }
.scroll { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .8rem .28rem 0; text-align: right; border-bottom: 1px solid var(--faint); overflow-wrap: normal; }
thead th { color: var(--muted); font-weight: 600; vertical-align: bottom; }
td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
tbody th { font-weight: 400; max-width: 22rem; overflow-wrap: break-word; }
.words th, .words td { text-align: left; white-space: normal; overflow-wrap: break-word; vertical-align: top; }
tr.chosen th, tr.chosen td { font-weight: 700; }
ul.findings { list-style: none; margin: .6rem 0; padding: 0; }
ul.findings li { margin: .6rem 0; padding: .5rem .8rem; background: var(--wash); border-left: 4px solid var(--muted); max-width: 52rem; }
ul.findings li.warning { border-left-color: var(--alarm); }
.badge { font-size: .78rem; font-weight: 700; letter-spacing: .03em; text-transform: uppercase; color: var(--muted); margin-right: .4rem; }
.warning .badge { color: var(--alarm); }
dl { columns: 2 24rem; column-gap: 2.5rem; font-size: .92rem; }
dd { break-inside: avoid; }
dt { break-after: avoid; }
dt { font-weight: 600; margin-top: .5rem; }
dd { margin: 0 0 0 1.2rem; }
figure { margin: .8rem 0; }
figcaption { max-width: 46rem; margin-top: .2rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2.5rem; align-items: start; }
.pair > * { min-width: 0; }
.pair h3 { margin-top: .8rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); gap: .6rem 1.6rem; }
.plot { display: block; max-width: 100%; height: auto; color: var(--ink); fill: currentColor; background: none; font-size: 12px; }
th .plot { display: inline-block; margin-right: .4rem; vertical-align: middle; }
.plot text, .plot tspan { white-space: pre; }
@media screen and (max-width: 44rem) {
  figure { overflow-x: auto; }
  .plot { max-width: none; }
}
footer { margin-top: 3rem; color: var(--muted); font-size: .85rem; }
@media print {
  :root { ${LIGHT} }
  @page { margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .scroll { overflow: visible; }
  td { white-space: normal; }
  h2, h3, h2 + p { break-after: avoid; }
  figure, tr, li, .pair > * { break-inside: avoid; }
  .grid { grid-template-columns: repeat(2, 1fr); }
  .pair { grid-template-columns: 1fr 1fr; gap: 0 1.2rem; }
}
`;

/** Of a page with a form. */
export const FORM_STYLE = `
#try .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: .7rem 1.6rem; }
#try .field { display: grid; grid-template-columns: minmax(0, 1fr) 8.5rem; gap: .2rem .7rem; align-items: center; align-content: start; }
#try .field label { grid-column: 1 / -1; font-weight: 600; overflow-wrap: anywhere; }
#try .field .absent { grid-column: 1 / -1; font-weight: 400; font-size: .88rem; color: var(--muted); }
#try .field .wide { grid-column: 1 / -1; }
#try input, #try select, #try button { font: inherit; color: inherit; max-width: 100%; min-width: 0; accent-color: var(--accent); }
#try input[type=number], #try input[type=date], #try input[type=datetime-local], #try select, #try button {
  background: var(--paper); border: 1px solid var(--muted); border-radius: 4px; padding: .15rem .35rem; width: 100%; }
#try button { width: auto; margin-top: .8rem; padding: .25rem .8rem; cursor: pointer; }
#try .remark { grid-column: 1 / -1; color: var(--warm); font-size: .85rem; margin: 0; }
#try output { display: block; font-size: 1.15rem; position: sticky; top: 0; background: var(--paper); padding: .5rem 0; z-index: 1;
  max-height: 40vh; overflow: auto; overflow-wrap: anywhere;
  border-bottom: 1px solid var(--faint); }
#try-picture { display: flex; flex-wrap: wrap; gap: 0 2rem; align-items: flex-start; margin: .6rem 0; }
#try figure { margin: .3rem 0; max-width: 100%; width: 24rem; }
#try .plot { max-width: 100%; }
#try .bars { border-collapse: collapse; width: 100%; max-width: 30rem; margin: .6rem 0; }
#try .bars td:nth-child(2) { width: 45%; }
#try .bar { position: relative; height: .9rem; background: var(--wash); }
#try .bar span { position: absolute; top: 0; bottom: 0; left: 0; background: var(--accent); }
#try .bar i { position: absolute; top: 40%; bottom: 40%; background: var(--ink); }
#try .error { color: var(--alarm); }
@media print { #try .fields, #try button { display: none; } #try output { position: static; max-height: none; } }
`;
