/** With which inputs a fit begins, by what the linear part found. */
import type { LinearPart } from '../linear/types.js';
import { isKept } from '../model/prior.js';
import { hasNodeGates } from '../model/shape.js';
import { isReference, type FitJob } from '../train/fits.js';

/** Beyond so many inputs the two-stage fit does not begin with all of them. */
const MANY_INPUTS = 30;
const PROMISING = 20;
/** Inputs of the largest marginal Bayes factors that begin open where there are more inputs than rows. */
const PROMISING_OF_MORE = 50;

/**
 * Inputs that begin closed: where there are more of them than rows all but those that the linear part points to, and in the
 * two-stage fit of many inputs.
 */
export function startingClosed(job: FitJob, { effects }: LinearPart, rows: number): FitJob {
  const { settings, settings: { shape, course } } = job;
  if (!effects || !beginsClosed(job, rows)) return job;
  const more = shape.inputGates > rows;
  const ranked = Array.from(effects.marginal.keys()).sort((a, b) => effects.marginal[b] - effects.marginal[a]);
  const openInputs = [...new Set([
    ...Array.from({ length: shape.inputGates }, (_, input) => input).filter((input) => isKept(shape.inputPriors, input)),
    ...effects.sets.flatMap(({ inputs }) => inputs), ...ranked.slice(0, more ? PROMISING_OF_MORE : PROMISING),
  ])];
  // While all gates are held open none is closed.
  return { ...job, settings: { ...settings, openInputs, course: more && course === 'whole' ? 'half-open' : course! } };
}

/** Whether some inputs of a fit to so many rows begin closed. */
export function beginsClosed({ name, settings: { shape }, beside }: FitJob, rows: number): boolean {
  if (isReference({ name }) || !hasNodeGates(shape.gates)) return false;
  return shape.inputGates > rows || (beside !== undefined && shape.inputGates > MANY_INPUTS);
}
