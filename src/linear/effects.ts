/** The sum of single effects (Wang et al. 2020), each with the Bayes factors of a likelihood: docs/method.md, The linear part. */
import { sigmoid } from '../maths/scalar.js';
import { logSumExp } from '../maths/quadrature.js';
import { credibleInputs, purityOf } from './credible-set.js';
import type { Design } from './design.js';
import type { FactorModel, Factors } from './factors.js';
import type { CredibleSet, SingleEffects } from './types.js';

export const EFFECTS = 10;
export const SWEEPS = 20;
const SETTLED = 1e-3;
const LEVEL = 0.95;

interface Effect {
  factors: Factors;
  /** Of the effect against none; off where it is not above 0. */
  logBayesFactor: number;
  /** p: which input it is, if it is there. */
  alpha: Float64Array;
  /** n x K: what it adds to the outputs. */
  added: Float64Array;
}

export interface EffectOptions {
  /** At most so many effects. */
  effects?: number;
  sweeps?: number;
}

/** Fits effects until the PIPs settle; yields after each effect. */
export function* singleEffects(
  design: Design, outputs: number, model: FactorModel, { effects: L = EFFECTS, sweeps = SWEEPS }: EffectOptions = {},
): Generator<void, SingleEffects> {
  const { rows, columns, inputs } = design;
  const most = Math.min(L, inputs.length);
  const effects: Effect[] = [];
  let total: Float64Array = new Float64Array(rows * outputs);
  let pips: Float64Array = new Float64Array(inputs.length);
  let marginal: Float64Array | undefined;
  let rest: Factors | undefined;
  let sweep = 0;
  for (let change = 1; sweep < sweeps && change > SETTLED; sweep++) {
    for (let l = 0; l <= effects.length && l < most; l++) {
      const offset = l < effects.length ? total.map((value, at) => value - effects[l].added[at]) : total;
      const factors = model.at(offset);
      yield;
      marginal ??= factors.log.slice();
      const effect = effectOf(design, outputs, factors);
      rest = l === effects.length ? factors : undefined;
      if (effect.logBayesFactor > 0) effects[l] = effect;
      else if (l < effects.length) effects.splice(l--, 1);
      else break;
      total = effect.logBayesFactor > 0 ? offset.map((value, at) => value + effect.added[at]) : offset;
    }
    const now = pipsOf(effects, inputs.length, rest);
    change = now.reduce((largest, pip, j) => Math.max(largest, Math.abs(pip - pips[j])), 0);
    pips = now;
  }
  const weight = new Float64Array(columns.length * outputs);
  for (const effect of effects) addWeights(design, outputs, effect, weight);
  const sets = effects.map((effect) => setOf(design, effect)).sort((a, b) => b.logBayesFactor - a.logBayesFactor);
  return { pips, marginal: marginal!, sets, weight, bias: model.intercept(total), sweeps: sweep };
}

function effectOf(design: Design, outputs: number, factors: Factors): Effect {
  const sum = logSumExp(factors.log);
  const alpha = factors.log.map((log) => Math.exp(log - sum));
  const effect = { factors, logBayesFactor: sum - Math.log(alpha.length), alpha, added: new Float64Array(design.rows * outputs) };
  const weight = new Float64Array(design.columns.length * outputs);
  addWeights(design, outputs, effect, weight);
  design.columns.forEach((column, c) => {
    for (let k = 0; k < outputs; k++) {
      const own = weight[c * outputs + k];
      if (Math.abs(own) < 1e-12) continue;
      for (let n = 0; n < column.length; n++) effect.added[n * outputs + k] += own * column[n];
    }
  });
  return effect;
}

function addWeights({ inputs }: Design, outputs: number, { alpha, factors }: Effect, weight: Float64Array): void {
  inputs.forEach((places, input) => {
    for (const place of places) {
      for (let k = 0; k < outputs; k++) weight[place * outputs + k] += alpha[input] * factors.mean[place * outputs + k];
    }
  });
}

/** An input is in if an effect that is there is its own, or one more that was not taken up would be. */
function pipsOf(effects: readonly Effect[], inputs: number, rest: Factors | undefined): Float64Array {
  return Float64Array.from({ length: inputs }, (_, j) => {
    let out = 1;
    for (const { alpha, logBayesFactor } of effects) out *= 1 - sigmoid(logBayesFactor) * alpha[j];
    if (rest) out *= sigmoid(-(rest.log[j] - Math.log(inputs)));
    return 1 - out;
  });
}

function setOf(design: Design, { alpha, logBayesFactor }: Effect): CredibleSet {
  const inputs = credibleInputs(alpha, LEVEL);
  return { inputs, probabilities: inputs.map((input) => alpha[input]), purity: purityOf(design, inputs), logBayesFactor };
}
