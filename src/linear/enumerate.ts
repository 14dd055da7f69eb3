/** All 2^p linear models of a few inputs: the reference that other probabilities are set against. */
import { logSumExp } from '../maths/quadrature.js';
import type { FactorModel } from './factors.js';
import type { LinearProblem } from './types.js';

export const MOST_INPUTS = 12;

export interface Enumeration {
  /** p: probability of each input. */
  pips: Float64Array;
  /** 2^p: log Bayes factor of each model against the intercept alone; bit j of its place says that input j is in. */
  log: Float64Array;
}

/**
 * @param model Bayes factors, averaged over one prior variance for all coefficients of a linear model
 * @param inclusion prior probability of each input, independent of the others
 * @throws RangeError for more than 12 inputs
 */
export function* enumerateModels(
  { inputs }: Pick<LinearProblem, 'inputs'>, model: FactorModel, inclusion = 1 / (inputs + 1),
): Generator<void, Enumeration> {
  if (inputs > MOST_INPUTS) throw new RangeError(`${inputs} inputs have too many models: at most ${MOST_INPUTS} are enumerated`);
  const log = new Float64Array(2 ** inputs);
  const posterior = new Float64Array(2 ** inputs);
  for (let models = 0; models < log.length; models++) {
    const own = Array.from({ length: inputs }, (_, j) => j).filter((j) => models >> j & 1);
    log[models] = model.joint(own);
    posterior[models] = log[models] + own.length * Math.log(inclusion / (1 - inclusion));
    if (models % 64 === 63) yield;
  }
  const total = logSumExp(posterior);
  const pips = Float64Array.from({ length: inputs }, (_, j) =>
    posterior.reduce((sum, each, models) => (models >> j & 1 ? sum + Math.exp(each - total) : sum), 0));
  return { pips, log };
}
