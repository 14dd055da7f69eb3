/** The verdict on a run or a cross-validation in words: `train`, `inspect`, `cv` and the report begin with it. */
import { headlineOf, type Metric, type Metrics } from '../likelihood/index.js';
import { plural } from '../wording.js';
import { isShown, LEAST_TOTAL, type Gain, type RowsVerdict } from '../work/verdict.js';
import type { RunMetrics } from '../work/run-metrics.js';

/** Metrics on the rows of the verdict. */
export interface JudgedModels {
  none?: Partial<Metrics> | undefined;
  linear?: Partial<Metrics> | undefined;
  network: Partial<Metrics>;
}

/** Sentences, the first of which is the answer; none of a run of an earlier version. */
export function runVerdict({ verdict, baseline, linear, full }: RunMetrics): string[] {
  if (verdict === undefined) return [];
  if (verdict.kind === 'no-held-out-rows') {
    return ['No rows were held out: what the network gains is not known; bnnc cv measures it.'];
  }
  const { split, rows } = verdict;
  const models = { none: baseline?.splits[split], linear: linear?.splits[split], network: full.splits[split]! };
  return verdictSentences(verdict, plural(rows, `${split} row`), models);
}

/** @param rows the rows as the subject of a sentence: `180 test rows` */
export function verdictSentences(verdict: RowsVerdict, rows: string, models: JudgedModels): string[] {
  const { kind, detectable, overNoInputs, overLinear, linearOverNoInputs } = verdict;
  const unseen = `A gain below ${fixed(detectable, 2)} nats per row could still be there: so few rows seldom show it.`;
  const show = `as ${rows} show`;
  const network = (subject: string): string => `${subject} ${inNats(overNoInputs)}.`;
  const linear = (subject: string): string[] => (linearOverNoInputs ? [`${subject} ${briefly(linearOverNoInputs)}.`] : []);
  const beside = (subject: string): string[] => (overLinear ? [`${subject} ${briefly(overLinear)}.`] : []);
  switch (kind) {
    case 'better-than-linear': return [
      `The network is better than a linear model, ${show}.`, `Over the linear model it gains ${inNats(overLinear!)}.`,
      `Over guessing it gains ${briefly(overNoInputs)}.`, ...headline(models),
    ];
    case 'linear-enough': return [
      `A linear model is enough, as far as ${rows} show.`, `Over guessing it gains ${inNats(linearOverNoInputs!)}.`,
      ...beside('Over the linear model the network gains'), ...headline(models),
    ];
    case 'nothing-found': return [
      `Nothing was found: ${rows} are predicted no better than by guessing.`,
      network('Over guessing the network gains'), ...tooLittle(overNoInputs, verdict.rows), ...linear('The linear model gains'), unseen,
    ];
    case 'worse-than-linear': return [
      `The network is worse than a linear model, ${show}.`, `Against it the network loses ${inNats(negated(overLinear!))}.`,
      ...linear('Over guessing the linear model gains'), ...headline(models),
      'Raise search.steps or train.restarts, or take model.hidden: [].',
    ];
    case 'worse-than-guessing': return [
      `The network is worse than guessing, ${show}.`, `It loses ${inNats(negated(overNoInputs))}.`,
      ...linear('Over guessing the linear model gains'), ...headline(models),
      'Do not predict with it: use more rows, or fewer units in model.hidden.',
    ];
    case 'undecided': return isShown(overNoInputs, verdict.rows)
      ? [
        `The network is better than guessing, ${overLinear ? 'but perhaps no better than a linear model' : show}.`,
        network('Over guessing it gains'), ...beside('Over the linear model it gains'), ...headline(models),
      ] : [
        `${rows} do not show whether the network is better than guessing.`,
        network('Over guessing it gains'), ...tooLittle(overNoInputs, verdict.rows), ...linear('The linear model gains'),
        ...headline(models), unseen,
      ];
  }
}

/** Why a gain does not count although its interval excludes 0. */
const tooLittle = ({ mean, lower }: Gain, rows: number): string[] => (lower > 0
  ? [`Over all rows that is ${fixed(mean * rows, 1)} nats; from ${LEAST_TOTAL} on it would count.`] : []);

const negated = ({ mean, lower, upper }: Gain): Gain => ({ mean: -mean, lower: -upper, upper: -lower });

const inNats = (gain: Gain): string => told(gain, (mean, interval) => `${mean} nats per row (95 %: ${interval})`);
const briefly = (gain: Gain): string => told(gain, (mean, interval) => `${mean} (${interval})`);

/** Beyond this, where a wild cell is among the rows, digits before the point are noise. */
const WILD = 1e6;
const fixed = (value: number, digits: number): string =>
  (Math.abs(value) < WILD ? value.toFixed(digits) : value.toExponential(1));

/** With two digits of what is not known. */
function told({ mean, lower, upper }: Gain, words: (mean: string, interval: string) => string): string {
  const half = (upper - lower) / 2;
  const digits = half > 0 ? Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(half)))) : 2;
  // No -0.00.
  const shown = (value: number): string => fixed(value, digits).replace(/^-(0\.0+)$/, '$1');
  return words(shown(mean), `${shown(lower)} to ${shown(upper)}`);
}

/** `Accuracy: network 90.6 %, linear 87.2 %, no inputs 50.0 %.` */
function headline({ none, linear, network }: JudgedModels): string[] {
  const metric = headlineOf(network);
  const { name, label, explains } = metric;
  const guess = none?.[name];
  if (explains !== undefined && typeof guess === 'number') {
    const share = (value: number): string => percent(explains.share(value, guess));
    return [sentence(explains.label, [['network', network], ['linear', linear]], name, share)];
  }
  return [sentence(label, [['network', network], ['linear', linear], ['no inputs', none]], name, figureOf(metric))];
}

const figureOf = ({ interval }: Metric) => (value: number): string => (interval === 'wilson' ? percent(value) : value.toPrecision(4));
const percent = (share: number): string => `${fixed(100 * share, 1)} %`;

function sentence(
  label: string, models: readonly (readonly [string, Partial<Metrics> | undefined])[], metric: string,
  figure: (value: number) => string,
): string {
  const parts = models.flatMap(([model, metrics]) => {
    const value = metrics?.[metric];
    return typeof value === 'number' ? [`${model} ${figure(value)}`] : [];
  });
  return `${label[0].toUpperCase()}${label.slice(1)}: ${parts.join(', ')}.`;
}
