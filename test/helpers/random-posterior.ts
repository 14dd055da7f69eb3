/** Random posteriors with encoders that fit them, and the masked full network computed without any of the project's code. */
import { Stream } from '../../src/random.js';
import type { Activation, Encoder, Feature, Gates, Matrix, Posterior, Target, Task } from '../../src/types.js';
import { posteriorOfLayers, type GatedLayer } from './gated-layers.js';

export interface RandomShape {
  seed: number;
  task: Task;
  activation: Activation;
  gates: Gates;
  /** Encoded columns per feature. */
  features: number[];
  hidden: number[];
}

const outputsOf = (task: Task): number => (task === 'multiclass' ? 3 : 1);

/** Gates spread over [0, 1] with exact zeros and ones among them. */
function gateProbabilities(stream: Stream, length: number, gated: boolean): Float32Array {
  return Float32Array.from({ length }, () => {
    const u = stream.uniform();
    if (!gated || u > 0.8) return 1;
    return u < 0.2 ? 0 : stream.uniform();
  });
}

export function randomPosterior({ seed, task, activation, gates, features, hidden }: RandomShape): Posterior {
  const root = Stream.fromSeed(seed);
  const group = Int32Array.from(features.flatMap((columns, feature) => Array<number>(columns).fill(feature)));
  const widths = [group.length, ...hidden, outputsOf(task)];
  const layers = widths.slice(1).map((outputs, l): GatedLayer => {
    const inputs = widths[l];
    const stream = root.split('layer', l);
    const sources = l === 0 ? features.length : inputs;
    return {
      inputs, outputs,
      mu: stream.normals(inputs * outputs),
      sigma: stream.uniforms(inputs * outputs).map((u) => 0.05 + 0.3 * u),
      alpha: gateProbabilities(stream, inputs * outputs, gates === 'both' || gates === 'weight'),
      z: gateProbabilities(stream, sources, gates === 'both' || gates === 'node'),
      group: l === 0 ? group : Int32Array.from({ length: inputs }, (_, i) => i),
      biasMu: stream.normals(outputs),
      biasSigma: stream.uniforms(outputs).map((u) => 0.05 + 0.1 * u),
      node: 0.3, prior: { edge: 0.4, tau: 1 },
    };
  });
  return posteriorOfLayers({ task, activation, gates, layers, noiseVariance: task === 'regression' ? 0.25 : 1 });
}

export function encoderFor(task: Task, features: number[], target?: Target): Encoder {
  const levels = task === 'binary' ? ['no', 'yes'] : ['a', 'b', 'c'];
  return {
    schemaVersion: 1,
    features: features.map((columns, f): Feature => columns === 1
      ? { name: `x${f + 1}`, kind: 'numeric', columns: [{
         name: `x${f + 1}`, type: 'number', mean: f / 3, scale: 1 + f, range: [-1 / 3, f],
      }] }
      : {
        name: `x${f + 1}`,
        kind: 'categorical',
        levels: Array.from({ length: columns + 1 }, (_, c) => `l${c}`),
        columns: Array.from({ length: columns }, (_, c) => ({
          name: `x${f + 1}=l${c}`, type: 'level' as const, level: `l${c}`, mean: 0.25, scale: 0.5,
        })),
      }),
    target: target ?? (task === 'regression' ? { name: 'y', task, mean: 1.5, scale: 0.7 } : { name: 'y', task, levels } as Target),
    missing: ['', 'NA'],
    dropped: [{ name: 'id', reason: 'constant' }],
  };
}

export const randomRows = (seed: number, rows: number, cols: number): Matrix => ({
  rows, cols, data: Stream.fromSeed(seed).split('rows').normals(rows * cols),
});

/** The columns of x that `keep` names. */
export function takeColumns(x: Matrix, keep: ArrayLike<number>): Matrix {
  const kept = Array.from({ length: x.cols }, (_, c) => c).filter((c) => keep[c]);
  const data = new Float32Array(x.rows * kept.length);
  for (let n = 0; n < x.rows; n++) kept.forEach((c, at) => (data[n * kept.length + at] = x.data[n * x.cols + c]));
  return { rows: x.rows, cols: kept.length, data };
}

const PHI: Record<Activation, (a: number) => number> = {
  tanh: (a) => Math.tanh(a),
  relu: (a) => (a > 0 ? a : 0),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  silu: (a) => a / (1 + Math.exp(-a)),
  xtanh: (a) => a * Math.tanh(a),
};

/** Outputs (before the likelihood) of the whole network with weights mu * mask, one row after the other. */
export function maskedOutputs({ layers, activation }: Posterior, weights: Uint8Array[], x: Matrix): number[] {
  const out: number[] = [];
  for (let n = 0; n < x.rows; n++) {
    // The columns, then the values of unit after unit.
    const values = Array.from(x.data.subarray(n * x.cols, (n + 1) * x.cols));
    let [before, width] = [0, x.cols];
    layers.forEach((layer, l) => {
      const { outputs, mu, biasMu } = layer;
      const sources = layer.sources ?? Array.from({ length: width }, (_, i) => before + i);
      const a = Array.from(biasMu, (bias, j) => Array.from(sources).reduce((sum, source, i) =>
        sum + values[source] * mu[i * outputs + j] * weights[l][i * outputs + j], bias));
      [before, width] = [before + width, outputs];
      if (l < layers.length - 1) values.push(...a.map(PHI[activation]));
      else out.push(...a);
    });
  }
  return out;
}
