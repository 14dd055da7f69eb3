/** What the rows allow: how many there are, at what temperature they were weighed, and which inputs they cannot tell apart. */
import { headlineOf, type Metrics } from '../likelihood/index.js';
import { listed, plural, shortNumber } from '../wording.js';
import { leakageFindings } from '../work/leakage/findings.js';
import { isAlike } from '../inference/inclusion/sets.js';
import { heldOutMetrics, type Finding, type RunState } from './finding.js';

/** Training rows, in all and for each input, below which weak inputs go unseen. */
export const FEW_ROWS = 50;
export const ROWS_PER_INPUT = 2;
/** Held-out rows below which metrics say little, and their standard errors, too: of one row, or of all right ones, they are 0. */
export const FEW_HELD_OUT = 10;
/** Standard errors on held-out rows from which a metric says little: of a share (accuracy), and relative to an error (RMSE). */
export const WIDE_SHARE = 0.05;
export const WIDE_ERROR = 0.15;

/** Numbers of sets that a finding has room for. */
const MAX_SETS = 6;

/** Too few rows to learn from, or to measure on. */
export function rows({ inputs, metrics: { full } }: RunState): Finding[] {
  const found: Finding[] = [];
  const trained = full.splits.train?.rows ?? Infinity;
  if (trained < FEW_ROWS || trained < ROWS_PER_INPUT * inputs.length) {
    found.push({
      code: 'few-rows', severity: 'warning', text: `${plural(trained, 'training row')} for ${plural(inputs.length, 'input')} are few: weak inputs may go unnoticed`,
      remedy: 'Use more rows, leave out inputs that cannot matter (data.columns: ignore), or hold out fewer rows.',
    });
  }
  const held = heldOutMetrics(full);
  if (!held) {
    found.push({
      code: 'no-held-out-rows', severity: 'note', text: 'no rows were held out: the metrics are those of the training rows',
      remedy: 'Use bnnc cv, which holds out every row once, or set data.split.test.',
    });
  } else if (isWide(held)) {
    const { name, label } = headlineOf(held);
    const error = held.rows < FEW_HELD_OUT ? 'even the standard errors are unreliable'
      : `the ${label} of ${shortNumber(held[name]!)} has a standard error of ${shortNumber(held[`${name}Se`]!)}`;
    found.push({
      code: 'few-held-out-rows', severity: 'warning', text: `${plural(held.rows, 'held-out row')} are few for reliable metrics: ${error}`,
      remedy: 'Compare models with bnnc cv, which holds out every row once.',
    });
  }
  return found;
}

function isWide(metrics: Metrics): boolean {
  const { name, interval } = headlineOf(metrics);
  const { [name]: value = Infinity, [`${name}Se`]: error = 0 } = metrics;
  return metrics.rows < FEW_HELD_OUT || error > (interval === 'wilson' ? WIDE_SHARE : WIDE_ERROR * value);
}

/** Gates that were trained as if there were more rows. */
export function tempered({ config: { train }, metrics: { temperature } }: RunState): Finding[] {
  const used = temperature?.chosen ?? (train.temperature === 'auto' ? 1 : train.temperature);
  if (used >= 1) return [];
  return [{
    code: 'tempered', severity: 'warning',
    text: `the gates were trained at temperature ${used}, as if there were ${shortNumber(1 / used)} times as many rows: PIPs are too high, and false discovery rates do not hold`,
    remedy: 'Use this run to predict. To find inputs, train again with train.temperature: 1.',
  }];
}

/** Rows of a rare class that count as several each, which makes a few of them seem to be many. */
export function reweighted({ config: { data } }: RunState): Finding[] {
  if (data.classWeights === null) return [];
  return [{
    code: 'class-weights', severity: 'warning',
    text: 'with data.classWeights each row of a rare class counts as several rows, which are not there: inputs without any effect may have a PIP near 1, and probabilities are not those of the rows',
    remedy: 'To find inputs, train without it. To predict the rare class more often, let such a run predict with the decision threshold auto.',
  }];
}

/** Held-out rows that are no test. */
export const leakage = ({ metrics }: RunState): Finding[] => leakageFindings(metrics.leakage);

/** Credible sets of several inputs: the rows do not tell which of them carries the effect. */
export function unresolved({ sets }: RunState): Finding[] {
  const several = [...sets.keys()].filter((at) => sets[at].inputs.length > 1);
  if (several.length === 0) return [];
  const unlike = several.filter((at) => !isAlike(sets[at]));
  const which = `credible ${several.length === 1 ? 'set' : 'sets'} ${listed(several.map((at) => `${at + 1}`), MAX_SETS)}`;
  const most = Math.max(...several.map((at) => sets[at].inputs.length));
  return [{
    code: 'unresolved-sets', severity: 'note',
    text: `the rows do not tell which of up to ${most} inputs carries the effect in ${which} of ${sets.length}` +
      (unlike.length > 0 ? `; the inputs of ${listed(unlike.map((at) => `${at + 1}`), MAX_SETS)} are not even alike` : ''),
    remedy: 'Choose between alike inputs by their meaning, or get rows in which they differ.',
  }];
}
