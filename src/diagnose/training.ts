/** Whether training came to an end, and whether its restarts agree. */
import { rangeOf } from '../text/input-verdict.js';
import { FEW_STEPS } from '../train/plan.js';
import type { InputInclusion } from '../types.js';
import { listed, plural, shortNumber } from '../wording.js';
import type { Finding, RunState } from './finding.js';

/** Rows of the history that a trend is read from: the last tenth, and no less than five. */
const TREND_SHARE = 0.1;
const MIN_ROWS = 5;
/** A change over these rows counts from so many nats, from this share of the ELBO, and from so many standard errors on. */
export const MIN_DRIFT = 5;
export const DRIFT_SHARE = 0.01;
const DRIFT_ERRORS = 4;

/** The ELBO of the chosen restart at the end of its schedule; too few steps are told instead. */
export function settled({ history, metrics: { restarts } }: RunState): Finding[] {
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
  if (Math.abs(change) <= limit) return [];
  const over = `over the last ${shortNumber(steps - last[0].step)} of ${shortNumber(steps)} steps`;
  const by = `${Math.abs(change).toFixed(1)} nats`;
  return change > 0
    ? [{
      code: 'not-converged', severity: 'warning', text: `the ELBO of the chosen restart was still rising when training ended, by ${by} ${over}`,
      remedy: 'Train longer: set train.epochs to twice as many.',
    }]
    : [{
      code: 'falling', severity: 'note', text: `the ELBO of the chosen restart was falling when training ended, by ${by} ${over}`,
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

/** Nats between the two best restarts up to which both explain the rows about as well. */
export const CLOSE_ELBO = 5;
/** Weight in the average of two networks, so many nats apart, that the worse one has. */
const FAR_WORSE = 1 / (1 + Math.exp(CLOSE_ELBO));

/**
 * Inputs that some restarts use and others do not, by how far the best restart leads. A small averaged PIP is no excuse: the
 * weights of the average are exp(ELBO), and another seed may well find the other network alone.
 */
export function agreed({ inputs, metrics: { restarts } }: RunState): Finding[] {
  const gates = restarts.find(({ chosen }) => chosen)?.gates;
  const alike = restarts.filter((restart) => restart.gates === gates);
  if (alike.length === 1) {
    return [{
      code: 'single-restart', severity: 'note', text: 'one restart alone cannot show how much depends on its random start',
      remedy: 'Train with train.restarts of 4 or more before you rely on the results.',
    }];
  }
  const torn = inputs.filter(({ unstable }) => unstable);
  if (torn.length === 0) return [];
  const { text, remedy } = meaningOf(torn, alike.map(({ elbo }) => elbo.elbo).sort((a, b) => b - a));
  return [{
    code: 'restarts-disagree', severity: 'warning', text: `the restarts disagree on ${listed(torn.map(rangeOf))}; ${text}`, remedy,
  }];
}

/** What it means that restarts disagree on some inputs. @param elbos of the restarts, descending */
function meaningOf(torn: readonly InputInclusion[], elbos: readonly number[]): Pick<Finding, 'text' | 'remedy'> {
  const lead = elbos[0] - elbos[1];
  const led = `the best ELBO leads by ${lead.toFixed(1)} nats`;
  if (lead > CLOSE_ELBO) {
    return {
      text: `${led}, so only one of ${elbos.length} restarts found this network`,
      remedy: 'Raise train.restarts until two of them reach the best ELBO.',
    };
  }
  if (torn.every(({ pip }) => Math.min(pip, 1 - pip) < FAR_WORSE)) {
    return {
      text: `the best restarts agree, and the ELBOs of the others are more than ${CLOSE_ELBO} nats lower`,
      remedy: 'Another seed may find only what these others found: do not use fewer train.restarts.',
    };
  }
  return {
    text: `${led}, so several sets of inputs explain the rows about equally well`,
    remedy: 'Use their averaged PIPs, and treat these inputs as possible, not certain. More train.restarts make the averages more reliable.',
  };
}
