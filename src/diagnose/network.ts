/** What the network itself shows: noise that has vanished, a prior at its bound, no inputs at all. */
import { likelihoodOf } from '../likelihood/index.js';
import { weightPips } from '../inference/inclusion/inclusion.js';
import { tierGates } from '../model/gates.js';
import { hasEdgeGates, hasNodeGates } from '../model/shape.js';
import { NOT_FOUND } from '../text/input-verdict.js';
import { plural, shortNumber } from '../wording.js';
import { heldOutMetrics, type Finding, type RunState } from './finding.js';

/** A share of Var(y) below which noise is next to none. */
export const TINY_NOISE = 1e-3;
/** Mean squared errors on held-out rows, in units of sigma^2, from which sigma^2 says nothing of the errors to come. */
export const COLLAPSE = 10;

/** sigma^2 of a numeric target against its errors on held-out rows. */
export function noise({ posterior: { task, noiseVariance }, metrics: { full }, targetScale }: RunState): Finding[] {
  if (!likelihoodOf(task).noiseOfTarget) return [];
  const rmse = heldOutMetrics(full)?.rmse;
  const ratio = rmse === undefined ? NaN : (rmse / targetScale) ** 2 / noiseVariance;
  const share = `sigma^2 is ${shortNumber(noiseVariance)} of Var(y)`;
  if (ratio >= COLLAPSE) {
    return [{
      code: 'collapsed-noise', severity: 'warning',
      text: `the noise has collapsed: ${share}, but the mean squared error on held-out rows is ${shortNumber(ratio)} times sigma^2`,
      remedy: 'Intervals are too narrow. Use fewer hidden units (model.hidden) or more rows, and leave train.epochs at auto.',
    }];
  }
  if (noiseVariance >= TINY_NOISE) return [];
  return [{
    code: 'noise-free', severity: 'note', text: `${share}: the inputs determine the target almost exactly`,
    remedy: 'Check whether an input was computed from the target. If so, set its kind to ignore in data.columns.',
  }];
}

const UPPER = 0.5;
/** Below so many gates a bound is reached by chance. */
export const MIN_GATES = 8;
const MIN_EDGES = 20;

/** Estimates of the prior's inclusion probabilities at the bounds that they are kept within (docs/method.md, Schedule). */
export function priors({ posterior, config: { prior } }: RunState): Finding[] {
  if (prior.inclusion !== 'auto') return [];
  const { gates, layers } = posterior;
  const nodes = hasNodeGates(gates);
  const pips = weightPips(posterior);
  return tierGates(posterior).flatMap(({ z, prior: node }, l): Finding[] => {
    const { edge } = layers[l].prior;
    const found: Finding[] = [];
    const many = nodes && z.length >= MIN_GATES;
    if (many && atMost(node) && l === 0) {
      found.push({
        code: 'prior-at-bound', severity: 'note', text: `nearly all of the ${z.length} inputs are included: their prior probability is at its bound, 1/2`,
        remedy: 'The rows support nearly all inputs, so sparsity gains nothing. A selection with probes shows how easily inputs are included.',
      });
    } else if (many && atMost(node)) {
      found.push({
        code: 'prior-at-bound', severity: 'warning',
        text: `nearly all of the ${z.length} nodes of hidden layer ${l} are included: their prior probability is at its bound, 1/2`,
        remedy: `The network may be too small for the target. Give layer ${l} more units in model.hidden.`,
      });
    } else if (many && l === 0 && node <= 1 / z.length + 1e-9) {
      found.push({
        code: 'prior-at-bound', severity: 'note', text: `at most about one of the ${z.length} inputs is included: their prior probability is at its bound, 1/${z.length}`,
        remedy: 'If more inputs are known to matter, set prior.inclusion, or try train.temperature: auto.',
      });
    }
    const open = pips[l].reduce((sum, pip) => sum + pip, 0);
    if (hasEdgeGates(gates) && atMost(edge) && open >= MIN_EDGES) {
      found.push({
        code: 'prior-at-bound', severity: 'note', text: `in layer ${l + 1} hardly any weight between open nodes is closed: their prior probability is at its bound, 1/2`,
        remedy: 'Pruning removes nodes and inputs there, but hardly any single weights.',
      });
    }
    return found;
  });
}

const atMost = (probability: number): boolean => probability >= UPPER - 1e-6;

/** Standard errors by which the dense network, or the linear model, has to be better for there to be something to find. */
const BETTER = 2;

/** No input with a PIP of at least 0.5 in the chosen network. */
export function dropped({ inputs, metrics: { dense, linear, median } }: RunState): Finding[] {
  if (inputs.some(({ pip, pipNetwork }) => pip >= 0.5 || pipNetwork >= 0.5)) return [];
  const small = heldOutMetrics(median);
  const better = ([['dense network', dense], ['linear model', linear]] as const).filter(([, model]) => {
    const whole = heldOutMetrics(model);
    return whole && small && whole.nll < small.nll - BETTER * Math.max(whole.nllSe, small.nllSe);
  }).map(([name]) => name);
  const text = `none of the ${plural(inputs.length, 'input')} has a PIP of at least 0.5: the pruned network is a constant`;
  if (better.length > 0) {
    const verb = better.length === 1 ? 'predicts' : 'predict';
    return [{
      code: 'no-inputs', severity: 'warning', text: `${text}, although the ${better.join(' and the ')} ${verb} held-out rows better`,
      remedy: 'The inputs do carry information: try more train.restarts, or train.temperature: auto.',
    }];
  }
  return [{
    code: 'no-inputs', severity: 'warning', text,
    remedy: `${NOT_FOUND} Check the target column, or use more rows.`,
  }];
}
