/**
 * The training loss in float64, written from the formulas of docs/method.md one weight at a time and without any of the
 * project's code: what tensors must agree with.
 */
import type { Activation, Task } from '../../src/types.js';
import type { Layout, NetworkShape } from '../../src/model/shape.js';
import type { Prior } from '../../src/model/prior.js';

export interface ReferenceBatch {
  /** B x d_0, B x d_L, and per layer B x k_l one after the other. */
  x: number[][];
  y: number[][];
  noise: number[];
}

const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));
const softplus = (a: number): number => Math.log1p(Math.exp(a));
const PHI: Record<Activation, (a: number) => number> = {
  tanh: Math.tanh, relu: (a) => Math.max(a, 0), sigmoid, silu: (a) => a * sigmoid(a), xtanh: (a) => a * Math.tanh(a),
};

/** Parameters by name: `of('mu', w)`; a probability that the shape does not have is one. */
function reader(theta: ArrayLike<number>, layout: Layout) {
  return (name: 'mu' | 'rho' | 'alphaLogit' | 'zLogit' | 'biasMu' | 'biasRho' | 'logNoise', at: number): number | undefined => {
    const place = layout.blocks.get(name);
    return place && theta[place.offset + at];
  };
}

/** What layer l reads, as places among the columns and all hidden units. */
function sourcesOf({ widths, sources }: NetworkShape, l: number): number[] {
  const before = widths.slice(0, l).reduce((sum, width) => sum + width, 0);
  return Array.from(sources?.[l] ?? Array.from({ length: widths[l] }, (_, i) => before + i));
}

const gateOf = ({ widths: [columns], inputGroup, inputGates }: NetworkShape, source: number): number =>
  (source < columns ? inputGroup[source] : inputGates + source - columns);

function logDensity(task: Task, f: number[], y: number[], logNoise: number): number {
  if (task === 'regression') return -0.5 * ((y[0] - f[0]) ** 2 / Math.exp(logNoise) + logNoise + Math.log(2 * Math.PI));
  if (task === 'binary') return Math.log(y[0] === 1 ? sigmoid(f[0]) : 1 - sigmoid(f[0]));
  const total = f.reduce((sum, v) => sum + Math.exp(v), 0);
  return f.reduce((sum, v, c) => sum + y[c] * Math.log(Math.exp(v) / total), 0);
}

/** Mean over the batch of log p(y | f), f being sampled with the given noise. */
export function referenceLogLikelihood(
  shape: NetworkShape, layout: Layout, theta: ArrayLike<number>, batch: ReferenceBatch,
): number {
  const of = reader(theta, layout);
  const rows = batch.x.length;
  let sum = 0;
  batch.x.forEach((row, b) => {
    // All sources that there are so far: the columns, then unit after unit.
    const values = [...row];
    let outputs: number[] = [];
    layout.layers.forEach((place, l) => {
      const sources = sourcesOf(shape, l);
      const a = Array.from({ length: place.outputs }, (_, j) => {
        let mean = of('biasMu', place.unit + j)!;
        let variance = softplus(of('biasRho', place.unit + j)!) ** 2;
        sources.forEach((source, i) => {
          const value = values[source];
          const w = place.weight + i * place.outputs + j;
          const alphaLogit = of('alphaLogit', w);
          const zLogit = of('zLogit', gateOf(shape, source));
          const g = (alphaLogit === undefined ? 1 : sigmoid(alphaLogit)) * (zLogit === undefined ? 1 : sigmoid(zLogit));
          const mu = of('mu', w)!;
          mean += value * g * mu;
          variance += value ** 2 * (g * (softplus(of('rho', w)!) ** 2 + mu ** 2) - (g * mu) ** 2);
        });
        return mean + Math.sqrt(variance) * batch.noise[place.unit * rows + b * place.outputs + j];
      });
      if (l + 1 < layout.layers.length) values.push(...a.map(PHI[shape.activation]));
      outputs = a;
    });
    sum += logDensity(shape.task, outputs, batch.y[b], of('logNoise', 0)!);
  });
  return sum / rows;
}

const bernoulli = (q: number, p: number): number => q * Math.log(q / p) + (1 - q) * Math.log((1 - q) / (1 - p));
const gaussian = (mu: number, sigma: number, tau: number): number =>
  Math.log(tau / sigma) + (sigma ** 2 + mu ** 2) / (2 * tau ** 2) - 0.5;

/** E log p(w) under N(mu, sigma^2) and the mixture of slab and Gaussian spike, by a sum over very many points. */
export function mixtureLog(mu: number, sigma: number, rho: number, tau: number, spike: number): number {
  const density = (w: number, sd: number): number => Math.exp(-0.5 * (w / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
  const points = 1001;
  const spacing = 20 / (points - 1);
  let sum = 0;
  for (let k = 0; k < points; k++) {
    const x = -10 + k * spacing;
    const w = mu + sigma * x;
    sum += density(x, 1) * spacing * Math.log(rho * density(w, tau) + (1 - rho) * density(w, spike));
  }
  return sum;
}

const tierOf = (shape: NetworkShape, source: number): number => {
  let [tier, end] = [0, shape.widths[0]];
  while (source >= end) end += shape.widths[++tier];
  return tier;
};

/** One part in so many of a gate for each edge of a row: direct edges of an input share one, all others have their own. */
function directShares(shape: NetworkShape, l: number): number[] {
  const sources = Array.from(sourcesOf(shape, l));
  const isDirect = (source: number): boolean => l > 0 && l === shape.widths.length - 2 && source < shape.widths[0];
  const columns = (input: number): number =>
    sources.filter((other) => isDirect(other) && shape.inputGroup[other] === input).length;
  return sources.map((source) => (isDirect(source) ? 1 / (shape.widths[l + 1] * columns(shape.inputGroup[source])) : 1));
}

/** KL(q || p) of theta. */
export function referenceKl(shape: NetworkShape, layout: Layout, theta: ArrayLike<number>, prior: Prior): number {
  const of = reader(theta, layout);
  let kl = 0;
  // Each gate once, whoever reads its source.
  const gates = shape.widths.slice(0, -1).flatMap((width, t) => Array<number>(t === 0 ? shape.inputGates : width).fill(t));
  gates.forEach((tier, gate) => {
    const zLogit = of('zLogit', gate);
    if (zLogit !== undefined) kl += bernoulli(sigmoid(zLogit), prior.node[tier]);
  });
  let block = -1;
  layout.layers.forEach((place, l) => {
    const sources = sourcesOf(shape, l);
    const shares = directShares(shape, l);
    for (let i = 0; i < place.inputs; i++) {
      // Every tier that a layer reads has a prior of its own.
      if (i === 0 || tierOf(shape, sources[i]) !== tierOf(shape, sources[i - 1])) block++;
      const zLogit = of('zLogit', gateOf(shape, sources[i]));
      for (let w = place.weight + i * place.outputs; w < place.weight + (i + 1) * place.outputs; w++) {
        const sigma = softplus(of('rho', w)!);
        if (prior.spike) {
          kl -= 0.5 * Math.log(2 * Math.PI * Math.E * sigma ** 2);
          kl -= mixtureLog(of('mu', w)!, sigma, prior.edge[block], prior.tau[block], prior.spike[block]);
          continue;
        }
        const slab = gaussian(of('mu', w)!, sigma, prior.tau[block]);
        const alphaLogit = of('alphaLogit', w);
        const alpha = alphaLogit === undefined ? 1 : sigmoid(alphaLogit);
        const edge = alphaLogit === undefined ? slab : shares[i] * bernoulli(alpha, prior.edge[block]) + alpha * slab;
        kl += (zLogit === undefined ? 1 : sigmoid(zLogit)) * edge;
      }
    }
    for (let j = 0; j < place.outputs; j++) kl += gaussian(of('biasMu', place.unit + j)!, softplus(of('biasRho', place.unit + j)!), 1);
  });
  return kl;
}
