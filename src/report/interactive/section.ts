/** The form in which the exported model is tried, and what it needs to look like that. */
import { classesOf, eachOf, likelihoodOf } from '../../likelihood/index.js';
import type { CompressedModel, Encoder } from '../../types.js';
import { html, markup, section, type Html } from '../html.js';
import { FORM_STYLE } from '../style.js';
import { MAX_TARGETS } from '../held-out.js';
import { MAX_FIELDS, type Field } from './fields.js';

export interface FormParts {
  model: CompressedModel;
  fields: readonly Field[];
  /** Networks drawn for intervals; 0: there are none. */
  draws: number;
  /** Whether the training rows were there to start from. */
  fromRows: boolean;
}

export function formSection({ model, fields, draws, fromRows }: FormParts): Html {
  const { encoder } = model;
  const shown = fields.slice(0, MAX_FIELDS);
  return section('try', 'Try the model', html`<style>${markup(FORM_STYLE)}</style>
<p class="quiet">The pruned network itself is in this page and predicts here: nothing is sent. It starts with a typical row, which has
${fromRows ? 'the middle number and the most frequent level of each input in the training rows'
    : 'the mean of each input, because the training rows cannot be had'}.${exposureWords(encoder)} ${intervalWords(model, draws)}${
  eachOf(encoder.target).length > MAX_TARGETS && ` Drawn are the first ${MAX_TARGETS} targets.`}${
  fields.length > MAX_FIELDS
    && ` Shown are the ${MAX_FIELDS} most probable of ${fields.length} kept inputs; the others stay as in the typical row.`}</p>
<noscript><p>This part needs scripts, which this viewer does not run.</p></noscript>
<form id="try-form" autocomplete="off">
<output for="${shown.map((_, f) => `try-${f}`).join(' ')}">…</output>
<div id="try-picture"></div>
<div class="fields">
${shown.map(field)}</div>
<button type="reset">Back to the typical row</button>
</form>
`);
}

const exposureWords = ({ exposure, target }: Encoder): string =>
  (exposure === undefined ? '' : ` Predicted is ${target.name} for an exposure (${exposure}) of 1.`);

function intervalWords({ encoder: { target } }: CompressedModel, draws: number): string {
  if (draws === 0) return `Intervals are not given for ${likelihoodOf(target.task).words.kind} with this likelihood.`;
  const what = classesOf(target) ? 'The lines on the bars are 90 % credible intervals of the probabilities' : 'Intervals are predictive ones of 90 %';
  return `${what}, from ${draws} draws of the weights.`;
}

function field(each: Field, f: number): Html {
  const id = `try-${f}`;
  const absent = each.missing && html`<label class="absent"><input type="checkbox" id="${id}-missing"> missing</label>\n`;
  const body = each.type === 'choice' ? choice(each, id) : html`${slider(each, id)}${absent}`;
  return html`<div class="field"><label for="${id}">${each.name}</label>
${body}<p class="remark" id="${id}-remark" hidden></p></div>
`;
}

function choice({ options, start, missing }: Extract<Field, { type: 'choice' }>, id: string): Html {
  const given = options.length === 1 && missing ? ['given'] : options;
  return html`<select class="wide" id="${id}">${options.map((option, o) =>
    html`<option value="${o}"${option === start && markup(' selected')}>${given[o]}</option>`)}${
    missing && html`<option value="missing">missing</option>`}</select>
`;
}

function slider(each: Exclude<Field, { type: 'choice' }>, id: string): Html {
  const { min, max, step, start, name } = each;
  const range = html`<input type="range" id="${id}-slider" min="${min}" max="${max}" step="${step}" value="${start}" aria-label="${name}, slider">`;
  if (each.type === 'number') {
    return html`${range}<input type="number" id="${id}" step="any" value="${start}"${each.percent && markup(' aria-description="percent"')}>\n`;
  }
  return html`${range}<input type="${each.hours ? 'datetime-local' : 'date'}" id="${id}">\n`;
}
