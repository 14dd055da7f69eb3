/** A finished run made up by hand, without faults; tests spoil one part of it at a time. */
import type { Metrics } from '../../src/likelihood/index.js';
import type { RunState } from '../../src/diagnose/index.js';
import type { FitHistory } from '../../src/store/history.js';
import { Stream } from '../../src/random.js';
import { withVerdict } from '../../src/inference/inclusion/verdict.js';
import type { InputInclusion, InputSet } from '../../src/types.js';
import { randomPosterior } from './random-posterior.js';

const regression = (rows: number, more: Partial<Metrics> = {}): Metrics =>
  ({ rows, nll: 1.1, nllSe: 0.04, rmse: 1.05, rmseSe: 0.06, coverage90: 0.9, ...more });

export const input = (name: string, pip: number, pipMin = pip, pipMax = pip): InputInclusion =>
  withVerdict({ input: name, pip, pipNetwork: pip, pipMin, pipMax, mcSe: 0 });

/** A credible set of the linear part, whose inputs have equal shares. */
export const setOf = (purity: number, ...names: string[]): InputSet => ({
  source: 'linear', inputs: names.map((name) => ({ input: name, probability: 0.96 / names.length })), purity, logBayesFactor: 12.5,
});

/** `rows` rows 50 steps apart that end at -200, `slope` nats more in each row, with noise of standard deviation `noise`. */
export function course(fit: string, { rows = 80, slope = 0, noise = 0.5 } = {}): FitHistory {
  const draws = Stream.fromSeed(fit).split('course').normals(rows);
  return {
    fit,
    rows: Array.from({ length: rows }, (_, at) => ({
      epoch: 50 * (at + 1), step: 50 * (at + 1), elbo: -200 - slope * (rows - 1 - at) + noise * draws[at],
      logLikelihood: -180, kl: 20, beta: 1, noiseVariance: 0.3, active: { weights: 8, nodes: 2, inputs: 2 },
    })),
  };
}

/** Two of three inputs are in, and both restarts found them. */
export function healthyState(): RunState {
  const elbo = (value: number): { elbo: number; logLikelihood: number; kl: number; standardError: number } =>
    ({ elbo: value, logLikelihood: value + 20, kl: 20, standardError: 0.5 });
  const splits = { train: regression(300), validation: regression(50), test: regression(100) };
  const size = { parameters: 40, nonZero: 40, multiplyAdds: 36 };
  return {
    config: { data: { classWeights: null }, prior: { inclusion: 'auto' }, train: { temperature: 1 } },
    metrics: {
      schemaVersion: 1, dense: { splits, size }, full: { elbo: elbo(-200), splits, size },
      median: { splits, size: { parameters: 9, nonZero: 9, multiplyAdds: 6 }, inputs: ['a', 'b'] },
      restarts: [{ gates: 'both', elbo: elbo(-200), chosen: true }, { gates: 'both', elbo: elbo(-201), chosen: false }],
    },
    inputs: [input('a', 1), input('b', 0.97, 0.9, 0.99), input('c', 0.02)],
    sets: [], history: [course('restart 1'), course('restart 2'), course('reference')],
    posterior: randomPosterior({ seed: 1, task: 'regression', activation: 'tanh', gates: 'both', features: [1, 1, 1], hidden: [4] }),
    targetScale: 2,
  };
}
