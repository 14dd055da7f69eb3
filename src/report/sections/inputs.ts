/** PIPs of the inputs with their spread over fits, and beside them the credible sets. */
import { likelihoodOf } from '../../likelihood/index.js';
import { isAlike } from '../../inference/inclusion/sets.js';
import { fitsText } from '../../text/fits.js';
import { purityText } from '../../text/sets.js';
import { countFits } from '../../train/fits.js';
import type { InputSet } from '../../types.js';
import { listed, plural } from '../../wording.js';
import { html, figure, section, table, type Html } from '../html.js';
import { GREEN, shortName } from '../plot.js';
import type { ReportData } from '../gather.js';
import { barWords, inputPlot } from './input-plot.js';

/** More inputs than this make no plot that can be read. */
const MAX_ROWS = 40;
/** Sets, and inputs in each, that there is room for beside the plot. */
const MAX_SETS = 12;
const MAX_MEMBERS = 6;

export function inputs({ inputs: all, sets, metrics, joint, model }: Pick<ReportData, 'inputs' | 'sets' | 'metrics' | 'joint' | 'model'>): Html {
  const ranked = [...all].sort((a, b) => b.pip - a.pip);
  const shown = ranked.slice(0, MAX_ROWS);
  const more = ranked.length > MAX_ROWS ? html` The other ${ranked.length - MAX_ROWS} inputs have a PIP of at most ${ranked[MAX_ROWS].pip.toFixed(2)}.` : undefined;
  const fits = metrics.restarts.length === 1 ? 'the one restart' : `the best of ${fitsText(countFits(metrics.restarts))}`;
  const [what, over, where] = metrics.search
    ? ['all structures that were visited', plural(metrics.search.chains.length, 'chain'), undefined]
    : ['all networks that training visited', fits, ' in the chosen fit'];
  const caption = html`Dots: averages over ${what}. Lines: smallest to largest over ${over}; a long line means that they disagree. ${
    barWords(shown)} The pruned network keeps the inputs to the right of the dashed line${where}.${more}`;
  const sizes = 'reason' in joint ? [] : joint.sizes;
  return section('inputs', 'Inputs', figure(inputPlot(shown, sizes), html`${caption}${sizeWords(joint, model)}`), setTable(sets));
}

/** What the effect sizes on the right are, or why there are none. */
function sizeWords(joint: ReportData['joint'], { encoder: { target } }: ReportData['model']): Html | undefined {
  if ('reason' in joint) return html` Effect sizes cannot be shown: ${joint.reason}.`;
  if (joint.sizes.length === 0) return undefined;
  const { words } = likelihoodOf(target.task).contributions;
  return html` <span style="color:${GREEN}">Effect size</span> of kept inputs: the standard deviation over ${plural(joint.rows, 'training row')} of the input's partial
dependence in the pruned network, on ${words(target)}; the mean over posterior draws with its 90 % credible interval. It is small for an input that acts only together with others:
see the interactions.`;
}

/** The credible sets, most certain effects first. */
function setTable(sets: readonly InputSet[]): Html | undefined {
  if (sets.length === 0) return undefined;
  const rows = sets.slice(0, MAX_SETS).map(({ source, inputs: members, purity, logBayesFactor }, at) => [
    String(at + 1), listed(members.map(({ input, probability }) => `${shortName(input)} (${probability.toFixed(2)})`), MAX_MEMBERS),
    members.length === 1 ? '-' : `${purityText(purity)}${isAlike({ purity }) ? '' : ', not alike'}`,
    source === 'network' ? 'the network alone' : logBayesFactor!.toFixed(1),
  ]);
  const rest = sets.length - rows.length;
  return html`<div class="words"><h3>Credible sets</h3>
<p class="quiet">Each effect belongs to one input of its set, with a probability of at least 0.95 (of each in brackets). Where a set has several
inputs, the rows do not tell which. The logarithm of the Bayes factor, in nats, is the evidence of the linear part that there is an effect.</p>
${table(['set', 'one of', 'least |r|', 'log Bayes factor'], rows)}${rest > 0
    && html`<p class="quiet">inclusion/sets.csv in the run has ${plural(rest, 'more set')}.</p>`}</div>\n`;
}
