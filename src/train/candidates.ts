/**
 * The candidates of a run: fits that differ in where they begin and what is let go when. No single course finds all that there
 * is, so several are tried, and their bounds decide (docs/method.md, Candidates).
 */
import { graphOfShape } from '../model/graph.js';
import { initialTheta, type StartLogits } from '../model/initial.js';
import { priorOf, thetaOf } from '../model/posterior.js';
import { block, layoutOf, type NetworkShape } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { Posterior } from '../types.js';
import { initialPrior } from './empirical-bayes.js';
import { stateFrom } from './start.js';
import type { Course } from './schedule.js';
import type { FitSettings, FitState } from './types.js';

export interface Candidate {
  course: Course;
  /** Default: all gates nearly open. */
  start?: StartLogits;
  /** Whether it begins beside the linear fit. */
  fromLinear?: boolean;
}

const SPARSE: StartLogits = { toHidden: 5, onwards: -3, direct: 5, inputs: 5, nodes: 3 };

/** Of a network that contains the linear model, in the order in which they are tried. */
export const CANDIDATES: Readonly<Record<string, Candidate>> = {
  'half-open': { course: 'half-open', start: { ...SPARSE, onwards: 0 } },
  'two-stage': { course: 'two-stage', fromLinear: true },
  dense: { course: 'whole' },
  sparse: { course: 'sparse', start: SPARSE },
};

/** The linear model of the same inputs and outputs. */
export const linearShape = ({ widths, sources: _, ...shape }: NetworkShape): NetworkShape =>
  ({ ...shape, widths: [widths[0], widths[widths.length - 1]] });

const BESIDE: StartLogits = { toHidden: 2, onwards: 2, direct: 3, inputs: 3, nodes: 2 };
/** What hidden units give to the outputs at first, as a share of what they would by chance. */
const QUIET = 0.1;
/** Gate logits beyond this move too slowly. */
const SURE = 3;
const LEAST_INPUT = 2;

/**
 * The state before the first step of a `two-stage` course: the linear fit, with hidden units beside it that do little.
 * @param linear the posterior of {@link linearShape}
 */
export function besideLinear(
  linear: Posterior, { shape, prior, openInputs }: FitSettings, stream: Stream,
): FitState {
  const open = (input: number): boolean => openInputs?.includes(input) ?? true;
  const layout = layoutOf(shape);
  const theta = initialTheta(layout, linear.noiseVariance, stream, BESIDE);
  const own = layoutOf({ ...linearShape(shape), gates: linear.gates });
  const from = thetaOf(linear, own);
  const last = layout.layers[layout.layers.length - 1];
  const edges = layout.direct * last.outputs;
  for (const name of ['mu', 'rho'] as const) block(theta, layout, name)!.set(block(from, own, name)!, last.weight);
  block(theta, layout, 'biasMu')!.set(block(from, own, 'biasMu')!, last.unit);
  block(theta, layout, 'biasRho')!.set(block(from, own, 'biasRho')!, last.unit);
  const mu = block(theta, layout, 'mu')!;
  for (let w = last.weight + edges; w < last.weight + last.inputs * last.outputs; w++) mu[w] *= QUIET;
  const [z, gates] = [block(from, own, 'zLogit'), block(theta, layout, 'zLogit')];
  const bounded = (logit: number): number => Math.max(-SURE, Math.min(SURE, logit));
  const direct = block(theta, layout, 'alphaLogit');
  if (z && direct) {
    shape.inputGroup.forEach((input, column) =>
      direct.fill(bounded(z[input]), last.weight + column * last.outputs, last.weight + (column + 1) * last.outputs));
  }
  if (z && gates) for (let k = 0; k < z.length; k++) gates[k] = open(k) ? Math.max(LEAST_INPUT, bounded(z[k])) : bounded(z[k]);
  const begin = initialPrior(shape, prior);
  const { tau } = priorOf(linear);
  const block0 = graphOfShape(shape).blocks.findIndex(({ layer, feed }) => layer === layout.layers.length - 1 && feed.tier === 0);
  begin.tau[block0] = tau[0];
  return stateFrom(theta, begin);
}
