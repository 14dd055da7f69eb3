/** Whether training came to an end. */
import { FEW_STEPS } from '../train/plan.js';
import { plural, shortNumber } from '../wording.js';
import type { Finding, RunState } from './finding.js';

/** Rows of the history that a trend is read from: the last tenth, and no less than five. */
const TREND_SHARE = 0.1;
const MIN_ROWS = 5;
/** A change over these rows counts from so many nats, from this share of the ELBO, and from so many standard errors on. */
export const MIN_DRIFT = 5;
export const DRIFT_SHARE = 0.01;
const DRIFT_ERRORS = 4;

/** The ELBO of the chosen fit at the end of its schedule; too few steps are told instead. */
export function settled({ history, metrics: { restarts, search } }: RunState): Finding[] {
  const chosen = restarts.findIndex((restart) => restart.chosen);
  const rows = history[chosen]?.rows ?? [];
  const steps = rows.at(-1)?.step ?? 0;
  // A fit may end early; that its schedule was longer shows in the others.
  const longest = Math.max(0, ...history.map((fit) => fit.rows.at(-1)?.step ?? 0));
  if (rows.length > 0 && longest < FEW_STEPS) {
    return [{
      code: 'few-steps', severity: 'note', text: `${plural(longest, 'step')} are probably too few for the gates to converge`,
      remedy: 'Leave train.epochs at auto, which uses about 4000 steps.',
    }];
  }
  const last = rows.slice(-Math.max(MIN_ROWS, Math.ceil(TREND_SHARE * rows.length)));
  if (last.length < MIN_ROWS) return [];
  const { change, standardError } = trend(last.map(({ elbo }) => elbo));
  const limit = Math.max(MIN_DRIFT, DRIFT_SHARE * Math.abs(last[last.length - 1].elbo), DRIFT_ERRORS * standardError);
  // A fit that a search over structures begins from need not be settled.
  if (search || Math.abs(change) <= limit) return [];
  const over = `over the last ${shortNumber(steps - last[0].step)} of ${shortNumber(steps)} steps`;
  const by = `${Math.abs(change).toFixed(1)} nats`;
  return change > 0
    ? [{
      code: 'not-converged', severity: 'warning', text: `the ELBO of the chosen fit was still rising when training ended, by ${by} ${over}`,
      remedy: 'Train longer: set train.epochs to twice as many.',
    }]
    : [{
      code: 'falling', severity: 'note', text: `the ELBO of the chosen fit was falling when training ended, by ${by} ${over}`,
      remedy: 'bnnc kept its best state. If inputs seem to be missing, try a smaller train.gateLearningRate or more train.restarts.',
    }];
}

/** Least-squares line through equally spaced values: its change from the first to the last, and the standard error of that. */
export function trend(values: readonly number[]): { change: number; standardError: number } {
  const n = values.length;
  const [middle, mean] = [(n - 1) / 2, values.reduce((sum, value) => sum + value, 0) / n];
  const spread = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  const slope = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) / spread;
  const rest = values.reduce((sum, value, at) => sum + (value - mean - slope * (at - middle)) ** 2, 0) / (n - 2);
  return { change: slope * (n - 1), standardError: Math.sqrt(rest / spread) * (n - 1) };
}
