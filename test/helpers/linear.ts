/**
 * Bayesian linear regression with orthogonal columns, where the posterior is known: with X'X = N I and columns orthogonal
 * to the constant, q factorises exactly over weights and bias. Weights N(0, tau^2), or spike and slab; bias N(0, 1).
 */
import { Stream } from '../../src/random.js';
import type { Gates, Posterior } from '../../src/types.js';
import { posteriorOfLayers, type GatedLayer } from './gated-layers.js';

export const ROWS = 16;
export const NOISE = 0.6;
export const TAU = 0.8;
export const NODE = 0.3;
export const EDGE = 0.4;

const parity = (bits: number): number => (bits === 0 ? 0 : (bits & 1) ^ parity(bits >> 1));

/** Columns 1, 2, ... of the Hadamard matrix of order 16: +-1, orthogonal to one another and to the constant. */
export const hadamard = (columns: number): number[][] =>
  Array.from({ length: ROWS }, (_, n) => Array.from({ length: columns }, (_, c) => (parity(n & (c + 1)) ? -1 : 1)));

/** y = 0.5 + x w + noise. */
export function observe(x: number[][], w: number[], seed: string): number[] {
  const noise = Stream.fromSeed(seed).normals(x.length);
  return x.map((row, n) => 0.5 + row.reduce((sum, value, i) => sum + value * w[i], 0) + Math.sqrt(NOISE) * noise[n]);
}

const dot = (x: number[][], i: number, y: number[]): number => x.reduce((sum, row, n) => sum + row[i] * y[n], 0);

/** log of the Bayes factor for N(0, tau^2) against 0 of the coefficient on a column with x'x = N. */
export const logBayesFactor = (x: number[][], i: number, y: number[]): number => {
  const precision = x.length / NOISE + 1 / TAU ** 2;
  return 0.5 * (dot(x, i, y) / NOISE) ** 2 / precision - 0.5 * Math.log(precision * TAU ** 2);
};

const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));

/** The exact posterior; its gates are those of the spike-and-slab model of that kind. */
export function exactPosterior(x: number[][], y: number[], gates: Gates): Posterior {
  const inputs = x[0].length;
  const precision = x.length / NOISE + 1 / TAU ** 2;
  const biasPrecision = x.length / NOISE + 1;
  const columns = x[0].map((_, i) => i);
  const edge = columns.map((i) => (gates === 'weight' || gates === 'both' ? sigmoid(Math.log(EDGE / (1 - EDGE)) + logBayesFactor(x, i, y)) : 1));
  const node = columns.map((i) => {
    if (gates === 'weight' || gates === 'none') return 1;
    const evidence = gates === 'node' ? logBayesFactor(x, i, y) : Math.log(1 - EDGE + EDGE * Math.exp(logBayesFactor(x, i, y)));
    return sigmoid(Math.log(NODE / (1 - NODE)) + evidence);
  });
  const layer: GatedLayer = {
    inputs, outputs: 1, mu: Float32Array.from(columns, (i) => dot(x, i, y) / NOISE / precision),
    sigma: new Float32Array(inputs).fill(1 / Math.sqrt(precision)), alpha: Float32Array.from(edge), z: Float32Array.from(node),
    group: Int32Array.from(columns), biasMu: Float32Array.of(y.reduce((sum, v) => sum + v, 0) / NOISE / biasPrecision),
    biasSigma: Float32Array.of(1 / Math.sqrt(biasPrecision)), node: NODE, prior: { edge: EDGE, tau: TAU },
  };
  return posteriorOfLayers({ task: 'regression', activation: 'tanh', gates, layers: [layer], noiseVariance: NOISE });
}

/** log N(y; 0, C) by Cholesky's factorisation of C = sigma^2 I + tau^2 sum_{i open} x_i x_i' + 1 1'. */
export function logEvidence(x: number[][], y: number[], open: number[]): number {
  const n = y.length;
  const shared = (a: number, b: number): number => open.reduce((sum, i) => sum + x[a][i] * x[b][i], 0);
  const c = y.map((_, a) => y.map((_, b) => (a === b ? NOISE : 0) + 1 + TAU ** 2 * shared(a, b)));
  const factor = y.map(() => new Float64Array(n));
  const whitened = new Float64Array(n);
  let log = -0.5 * n * Math.log(2 * Math.PI);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let rest = c[a][b];
      for (let k = 0; k < b; k++) rest -= factor[a][k] * factor[b][k];
      factor[a][b] = a === b ? Math.sqrt(rest) : rest / factor[b][b];
    }
    let value = y[a];
    for (let k = 0; k < a; k++) value -= factor[a][k] * whitened[k];
    whitened[a] = value / factor[a][a];
    log -= Math.log(factor[a][a]) + 0.5 * whitened[a] ** 2;
  }
  return log;
}
