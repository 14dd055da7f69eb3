/**
 * Single effects: a linear model of a few effects, each of one input, which one being uncertain (the idea of Wang et al. 2020,
 * docs/method.md, The linear part). The coefficients of the other effects are integrated out beside each.
 */
import { outputCount } from '../likelihood/index.js';
import { logSumExp } from '../maths/quadrature.js';
import { sigmoid } from '../maths/scalar.js';
import { closest, credibleInputs, purityOf } from './credible-set.js';
import { designOf, type Design } from './design.js';
import type { FactorModel, Factors } from './factors.js';
import type { OwnPriors } from '../types.js';
import type { CredibleSet, LinearProblem, SingleEffects } from './types.js';

const EFFECTS = 10;
/** Fewer of many classes: what is fitted at once has no more coefficients of one column each. */
const COEFFICIENTS = 40;
const SWEEPS = 20;
/** Effects whose members are shut out in turn, to look for a better explanation. */
const SHUT_OUT = 2;
/** Where a look takes more multiplications, nothing is shut out. */
const MOST_SHUT_OUT = 2e7;
/** Where no other input correlates so much with an effect's likeliest, nothing can stand in for it. */
const ALIKE = 0.5;
/** Nats by which another explanation has to be better. */
const BETTER = 0.01;
const LEVEL = 0.95;
/** Effects are told that are there with this probability, which is 1 / (1 + 1 / Bayes factor): log BF of 2.9. */
const THERE = 0.95;

/** At most so many effects are looked for. */
export const mostEffects = ({ y, inputs }: Pick<LinearProblem, 'y' | 'inputs'>): number =>
  Math.min(EFFECTS, inputs, Math.max(1, Math.floor(COEFFICIENTS / outputCount(y)) - 1));

/** Multiplications of one look at all inputs beside all effects. */
export const workOf = (problem: LinearProblem): number =>
  problem.x.rows * problem.x.cols * outputCount(problem.y) ** 2 * (mostEffects(problem) + 1);

/** Those of a look that inputs of several columns take: their Gram matrices, and eigenvalues or factors of these. */
export function wideWorkOf({ x, y, group, inputs }: Pick<LinearProblem, 'x' | 'y' | 'group' | 'inputs'>): number {
  const sizes = new Float64Array(inputs);
  for (const input of group) sizes[input] += outputCount(y);
  return sizes.reduce((sum, size) => (size > outputCount(y) ? sum + x.rows * size ** 2 + 30 * size ** 3 : sum), 0);
}

export interface EffectOptions {
  /** At most so many effects. */
  effects?: number;
  sweeps?: number;
}

interface Effect {
  factors: Factors;
  /** p: log Bayes factors and, where inputs have priors of their own, how their odds differ from those of the others. */
  log: Float64Array;
  /** Of the effect against none; an effect is off where it is not above 0. */
  logBayesFactor: number;
  /** p: which input it is, if it is there. */
  alpha: Float64Array;
}

/** The likeliest input of each effect, the effects, and what one more would be. */
interface Explanation {
  inputs: number[];
  effects: Effect[];
  rest: Effect;
  /** Log posterior of all models that differ from the likeliest inputs in one effect's input, up to a constant. */
  score: number;
  sweeps: number;
}

/** Fits effects until their inputs settle; yields after each. */
export function* singleEffects(
  problem: LinearProblem, model: FactorModel, { effects = mostEffects(problem), sweeps: most = SWEEPS }: EffectOptions = {},
): Generator<void, SingleEffects> {
  const { x, y, group, inputs, own } = problem;
  const design = designOf(x, group, inputs);
  const priors = priorsOf(inputs, own);
  const search = new Search(priors, model, { effects, sweeps: most });
  const nothing = yield* search.effect([]);
  let best = yield* search.settle([]);
  let { sweeps } = best;
  for (const alpha of workOf(problem) > MOST_SHUT_OUT ? [] : replaceable(best, design)) {
    const without = yield* search.settle([], new Set(credibleInputs(alpha, LEVEL)));
    const other = yield* search.settle(without.inputs);
    sweeps += without.sweeps + other.sweeps;
    if (other.score > best.score + BETTER) best = other;
  }
  const marginal = nothing.factors.log.slice();
  for (const input of priors.kept) marginal[input] = model.joint([input]);
  return summary(best, { design, outputs: outputCount(y), model, marginal, sweeps, priors });
}

/** What is known of inputs beforehand. */
interface Priors {
  kept: number[];
  /** Of those that may be in or out; each effect is any of them with the same probability. */
  count: number;
  /** p: log odds, less those of an input without a prior of its own, which are 1 / count. */
  odds: Float64Array;
}

function priorsOf(inputs: number, own: OwnPriors = []): Priors {
  const kept = own.flatMap((prior, input) => (prior === 1 ? [input] : []));
  const count = Math.max(1, inputs - kept.length);
  const odds = Float64Array.from({ length: inputs }, (_, input) => {
    const prior = own[input] ?? null;
    return prior === null || prior === 1 ? 0 : Math.log(prior / (1 - prior)) + Math.log(count);
  });
  return { kept, count, odds };
}

/** Probabilities of the effects, the strongest first, for which some input outside of the credible set might do as well. */
function replaceable({ inputs, effects }: Explanation, design: Design): Float64Array[] {
  const order = [...effects.keys()].sort((a, b) => effects[b].logBayesFactor - effects[a].logBayesFactor);
  const alike = order.filter((l) => {
    const members = credibleInputs(effects[l].alpha, LEVEL);
    return design.inputs.some((_, input) => !members.includes(input) && closest(design, inputs[l], input) >= ALIKE);
  });
  return alike.slice(0, SHUT_OUT).map((l) => effects[l].alpha);
}

class Search {
  private readonly known = new Map<string, Effect>();
  private readonly most: number;
  private readonly sweeps: number;

  constructor(
    private readonly priors: Priors, private readonly model: FactorModel, { effects, sweeps }: Required<EffectOptions>,
  ) {
    this.most = Math.min(effects, priors.count);
    this.sweeps = sweeps;
  }

  /** One effect beside inputs that are in. */
  * effect(inputs: readonly number[]): Generator<void, Effect> {
    const key = [...inputs].sort((a, b) => a - b).join();
    const known = this.known.get(key);
    if (known) return known;
    const { kept, count, odds } = this.priors;
    const factors = this.model.beside([...kept, ...inputs]);
    yield;
    const log = factors.log.map((each, input) => each + odds[input]);
    const sum = logSumExp(log);
    const alpha = log.map((each) => Math.exp(each - sum));
    const effect = { factors, log, logBayesFactor: sum === -Infinity ? sum : sum - Math.log(count), alpha };
    this.known.set(key, effect);
    return effect;
  }

  /** From some inputs on until no effect changes its input and no further one is on. @param shut inputs that stay out */
  * settle(start: readonly number[], shut: ReadonlySet<number> = new Set()): Generator<void, Explanation> {
    const inputs = [...start];
    let sweep = 0;
    for (let changed = true; changed && sweep < this.sweeps; sweep++) {
      changed = false;
      for (let l = inputs.length - 1; l >= 0; l--) {
        const other = this.likeliest(yield* this.effect(inputs.filter((_, at) => at !== l)), shut);
        changed ||= other !== inputs[l];
        inputs.splice(l, 1, ...(other === undefined ? [] : [other]));
      }
      while (inputs.length < this.most) {
        const further = this.likeliest(yield* this.effect(inputs), shut);
        if (further === undefined) break;
        inputs.push(further);
        changed = true;
      }
    }
    return yield* this.explain(inputs, sweep);
  }

  private* explain(inputs: number[], sweeps: number): Generator<void, Explanation> {
    const effects: Effect[] = [];
    for (const own of inputs) effects.push(yield* this.effect(inputs.filter((input) => input !== own)));
    const rest = yield* this.effect(inputs);
    const spread = effects.reduce((sum, { alpha }, l) => sum - Math.log(alpha[inputs[l]]), 0);
    const { kept, count, odds } = this.priors;
    const prior = inputs.reduce((sum, input) => sum + odds[input] - Math.log(count), 0);
    const score = this.model.joint([...kept, ...inputs]) + prior + spread;
    return { inputs, effects, rest, score, sweeps };
  }

  /** The most probable input of an effect that is on. */
  private likeliest({ log, logBayesFactor }: Effect, shut: ReadonlySet<number>): number | undefined {
    if (!(logBayesFactor > 0)) return undefined;
    let best: number | undefined;
    log.forEach((each, input) => {
      if (each > -Infinity && !shut.has(input) && (best === undefined || each > log[best])) best = input;
    });
    // Without those that are shut out the effect may be off.
    const { count } = this.priors;
    const left = shut.size > 0 ? logSumExp(log.filter((_, input) => !shut.has(input))) - Math.log(count) : logBayesFactor;
    return left > 0 ? best : undefined;
  }
}

interface Setting {
  design: Design;
  outputs: number;
  model: FactorModel;
  marginal: Float64Array;
  sweeps: number;
  priors: Priors;
}

function summary(explanation: Explanation, { design, outputs: K, model, marginal, sweeps, priors }: Setting): SingleEffects {
  const { effects, inputs } = explanation;
  const weight = new Float64Array(design.columns.length * K);
  for (const input of priors.kept) {
    const { mean } = model.beside([...priors.kept.filter((other) => other !== input), ...inputs]);
    for (const place of design.inputs[input]) weight.set(mean.subarray(place * K, (place + 1) * K), place * K);
  }
  for (const { alpha, factors } of effects) {
    design.inputs.forEach((places, input) => {
      for (const place of places) for (let k = 0; k < K; k++) weight[place * K + k] += alpha[input] * factors.mean[place * K + k];
    });
  }
  const offset = new Float64Array(design.rows * K);
  design.columns.forEach((column, c) => {
    for (let k = 0; k < K; k++) {
      const own = weight[c * K + k];
      if (own !== 0) for (let n = 0; n < column.length; n++) offset[n * K + k] += own * column[n];
    }
  });
  const told = effects.filter(({ logBayesFactor }) => sigmoid(logBayesFactor) >= THERE);
  const sets = told.map((effect) => setOf(design, effect)).sort((a, b) => b.logBayesFactor - a.logBayesFactor);
  return { pips: pipsOf(explanation, priors), marginal, sets, weight, bias: model.intercept(offset), sweeps };
}

/**
 * Each effect's likeliest input is in or out; while it is out, inputs that the effect may be instead stand in for it. What else
 * may be in is the same on both sides, but for those that only act together with it: equation (30).
 */
function pipsOf({ inputs, effects, rest }: Explanation, priors: Priors): Float64Array {
  const count = rest.alpha.length;
  const odds = (log: number): number => Math.exp(log - Math.log(priors.count));
  const further = rest.log.map(odds);
  const out = further.map((own) => 1 / (1 + own));
  effects.forEach(({ log }, l) => {
    const own = inputs[l];
    const without = log.map(odds);
    const instead = without.map((each, k) => (k === own ? 0 : Math.max(0, each - further[k])));
    const both = without.map((each, k) => Math.min(each, further[k]));
    const total = 1 + instead.reduce((sum, each) => sum + each, 0);
    const lost = both.reduce((product, each, k) => (k === own ? product : product * (1 + each) / (1 + further[k])), 1);
    const absent = 1 / (1 + without[own] / (total * lost));
    for (let k = 0; k < count; k++) {
      if (k === own) continue;
      const then = (instead[k] + both[k] / (1 + both[k]) * (total - instead[k])) / total;
      const now = further[k] / (1 + further[k]);
      out[k] *= 1 - absent * (then - now) * (1 + further[k]);
    }
    out[own] *= absent;
  });
  for (const input of priors.kept) out[input] = 0;
  return out.map((each) => 1 - each);
}

function setOf(design: Design, { alpha, logBayesFactor }: Effect): CredibleSet {
  const inputs = credibleInputs(alpha, LEVEL);
  return { inputs, probabilities: inputs.map((input) => alpha[input]), purity: purityOf(design, inputs), logBayesFactor };
}
