/** What predictions of times lose where some are censored: concordance, and the Brier score of survival over time. */
import { concordance, Fallen } from '../maths/survival.js';
import { NLL, type Metric, type RowLosses } from './metrics.js';
import type { NumberLikelihood, OutputDraws } from './types.js';

/** Times at which survival is scored: quantiles of those of the rows. */
const TIMES = 50;
/** Beyond this share of the rows too few are left for weights by their censoring. */
const LAST = 0.9;

const needs = ['time', 'event', 'risk'];

type Times = Record<'time' | 'event' | 'risk', Float64Array>;
const timesOf = (losses: RowLosses): Times => losses as RowLosses & Times;

/** Of rows whose order is known, the share that is predicted in this order (Harrell et al. 1982). */
export const CONCORDANCE: Metric = {
  name: 'concordance', label: 'concordance', short: 'concordance', needs, interval: 'none', higherIsBetter: true, ofAll: true,
  value: (losses) => concordance(timesOf(losses), losses.weight),
};

/** The same with rows weighted by how likely they were to be seen, which does not depend on how many are censored (Uno 2011). */
export const CONCORDANCE_IPCW: Metric = {
  ...CONCORDANCE, name: 'concordanceIpcw', label: "Uno's concordance", short: "Uno's C", detail: true,
  value(losses) {
    const { time, event } = timesOf(losses);
    const censored = new Fallen(time, event.map((seen) => 1 - seen), losses.weight, 'first');
    const share = time.map((t) => censored.at(t));
    return concordance(timesOf(losses), losses.weight, share.map((g) => (g > 0 ? 1 / g ** 2 : 0)));
  },
};

/** Integrated Brier score (Graf et al. 1999). */
export const INTEGRATED_BRIER: Metric = {
  name: 'ibs', label: 'integrated Brier score', short: 'int. Brier', needs: ['ibs'], interval: 'normal', least: 0,
  higherIsBetter: false,
  value: ({ ibs, weight }) => meanOf(ibs!, weight),
  error({ ibs, weight }) {
    const mean = meanOf(ibs!, weight);
    const total = sum(ibs!.map((_, n) => weight?.[n] ?? 1));
    return Math.sqrt(sum(ibs!.map((value, n) => ((weight?.[n] ?? 1) * (value - mean)) ** 2))) / total;
  },
  explains: { label: 'explained integrated Brier score', share: (value, withoutInputs) => 1 - value / withoutInputs },
};

export const SURVIVAL_METRICS: readonly Metric[] = [CONCORDANCE, NLL, INTEGRATED_BRIER, CONCORDANCE_IPCW];

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const meanOf = (values: Float64Array, weight?: Float64Array): number =>
  sum(values.map((value, n) => (weight?.[n] ?? 1) * value)) / sum(values.map((_, n) => weight?.[n] ?? 1));

/** The risk is minus the median. */
export function survivalLosses(
  likelihood: Pick<NumberLikelihood, 'expected' | 'cdfAt' | 'logDensities'>, outputs: OutputDraws, y: Float32Array,
): RowLosses {
  const events = outputs.known?.events;
  const time = Float64Array.from(y);
  const event = Float64Array.from(y, (_, n) => (events ? events[n] : 1));
  return {
    nll: likelihood.logDensities(outputs, y).map((density) => -density),
    time, event, risk: Float64Array.from(likelihood.expected(outputs), (median) => -median),
    ibs: integratedBrier(time, event, (t) => likelihood.cdfAt(outputs, t)),
  };
}

/** n: (S(t) - 1{T > t})^2 weighted by the inverse probability of being seen, integrated over t by trapezoids, over its range. */
function integratedBrier(time: Float64Array, event: Float64Array, fallen: (t: number) => Float64Array): Float64Array {
  const sorted = time.slice().sort();
  const places = Array.from({ length: TIMES }, (_, i) => sorted[Math.floor((LAST * (i + 0.5) * (sorted.length - 1)) / TIMES)]);
  const grid = [...new Set(places)];
  const censored = new Fallen(time, event.map((seen) => 1 - seen), undefined, 'first');
  const scores = grid.map((t) => brierAt({ time, event }, censored, t, fallen(t)));
  const width = grid[grid.length - 1] - grid[0];
  if (!(width > 0)) return scores[0];
  const area = (n: number): number =>
    grid.slice(1).reduce((total, t, i) => total + (t - grid[i]) * (scores[i][n] + scores[i + 1][n]) / 2, 0);
  return time.map((_, n) => area(n) / width);
}

/**
 * n: (S(t) - 1{T > t})^2 at one time, weighted by the inverse probability of being seen then, or at the row's event.
 * @param censored what is left uncensored
 * @param fallen 1 - S(t) of each row
 */
export function brierAt(
  { time, event }: Pick<Times, 'time' | 'event'>, censored: Fallen, t: number, fallen: ArrayLike<number>,
): Float64Array {
  const left = censored.at(t);
  return time.map((own, n) => {
    if (own > t) return left > 0 ? fallen[n] ** 2 / left : 0;
    const seen = censored.at(own);
    return event[n] === 1 && seen > 0 ? (1 - fallen[n]) ** 2 / seen : 0;
  });
}
