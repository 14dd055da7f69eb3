/** The report: one HTML file that needs no network, and no script unless it has a form. */
import { divisionLines } from '../text/division.js';
import { heldLine } from '../work/large.js';
import { classesOf, likelihoodOf } from '../likelihood/index.js';
import { fitsText } from '../text/fits.js';
import { searchText } from '../text/search.js';
import { countFits } from '../train/fits.js';
import { plural } from '../wording.js';
import type { ReportData } from './gather.js';
import { html, markup, type Html } from './html.js';
import { calibration } from './sections/calibration.js';
import { correlations } from './sections/correlations.js';
import { curve } from './sections/curve.js';
import { interactive } from './interactive/interactive.js';
import { data as table } from './sections/data.js';
import { effects } from './sections/effects.js';
import { findings } from './sections/findings.js';
import { glossary } from './sections/glossary.js';
import { inputs } from './sections/inputs.js';
import { interactions } from './sections/interactions.js';
import { network } from './sections/network.js';
import { predictions } from './sections/predictions.js';
import { training } from './sections/training.js';
import { verdict } from './sections/verdict.js';
import { STYLE } from './style.js';

/** The same bytes for the same run and data. */
export function page(data: ReportData): string {
  const { manifest: { target } } = data;
  const form = data.starts && interactive(data.model, data.starts);
  const first = html`${verdict(data)}${findings(data.findings)}${predictions(data)}${calibration(data)}${inputs(data)}${effects(data)}`;
  const others = html`${interactions(data)}${correlations(data)}${network(data)}${table(data)}${training(data)}${curve(data)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'${form && markup(`; script-src ${form.source}`)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${target} – bnnc report</title>
<style>
${markup(STYLE)}</style>
</head>
<body>
<header>
<h1>Which inputs predict ${target}</h1>
${facts(data)}</header>
<main>
${first}${form?.section}${others}${glossary(html`${first}${others}`)}</main>
<footer>Made by bnnc ${data.manifest.bnnc} from ${data.run}, a run of ${data.manifest.finished}.</footer>
${form?.script}</body>
</html>
`.text;
}

/** The data and the run in two lines. */
function facts({ manifest, encoder: { target }, inputs: all, rows, config: { model, train }, metrics }: ReportData): Html {
  const { data, task, seed } = manifest;
  const { words: { kind } } = likelihoodOf(task);
  const levels = classesOf(target);
  const classes = levels ? ` (${levels.slice(0, 8).join(', ')}${levels.length > 8 ? ', ...' : ''})` : '';
  const parts = (['train', 'validation', 'test'] as const).filter((split) => rows[split] > 0)
    .map((split) => `${rows[split]} ${split === 'train' ? 'training' : split}`).join(', ');
  const held = heldLine(metrics.held);
  const told = [...divisionLines(metrics.division), ...(held === undefined ? [] : [held])];
  const hidden = model.hidden.length > 0 ? `hidden layers of ${model.hidden.join(' and ')} ${model.activation} units` : 'no hidden layer';
  const { chosen } = metrics.temperature ?? { chosen: train.temperature };
  return html`<p><strong>${target.name}</strong>, ${kind}${classes}, from ${plural(all.length, 'input')}: ${data.path.replace(/^.*[\\/]/, '')},
${plural(data.rows, 'row')} (${parts}).${told.map((line) => ` ${line[0].toUpperCase()}${line.slice(1)}.`).join('')}</p>
<p class="quiet">Spike-and-slab Bayesian network, ${hidden}; ${fitsText(countFits(metrics.restarts))}${metrics.search ? html`, then ${searchText(metrics.search)}` : undefined}, temperature ${chosen}, seed ${seed}.</p>
`;
}
