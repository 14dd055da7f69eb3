/**
 * Which units can be reached when every gate is thrown: for a random mask drawn from q, the probability that a unit has a
 * path of open gates to the side where the sweep starts.
 *
 * Given which sources are alive, the targets of a layer are reached independently of each other, because no two of them
 * share an edge: target k is missed with probability prod_{g alive} (1 - alpha_gk). So no edge is ever drawn. Each mask
 * costs one sum of logarithms per living row, and the mean over masks of 1 - prod is a Rao-Blackwellised estimate with a
 * smaller variance than the count of reached masks (Casella & Robert 1996).
 */
import type { Stream } from '../../random.js';
import type { LayerPosterior } from '../../types.js';

/** Logarithms of the probability that no edge joins a row to a column: rows x cols, row-major. */
export interface MissLogs {
  rows: number;
  cols: number;
  /** log prod (1 - alpha) <= 0, -Infinity where an edge is certain. */
  data: Float64Array;
}

/** One layer of a sweep: from the rows of `miss` to its columns, whose own gates open with probability `gate`. */
export interface SweepStep {
  miss: MissLogs;
  /** cols; absent where the columns have no gate. */
  gate?: ArrayLike<number>;
}

/** P(reached) of each column of a step, not counting the column's own gate, with its Monte-Carlo standard error. */
export interface Reach {
  mean: Float64Array;
  /** 0 where the value is exact. */
  error: Float64Array;
}

/**
 * Miss logarithms of a layer, from source gates (groups of input columns; the columns themselves where they have no
 * common gate) to outputs: z.length x outputs.
 */
export function missLogs(layer: LayerPosterior): MissLogs {
  const { inputs, outputs, alpha, group, z } = layer;
  const data = new Float64Array(z.length * outputs);
  for (let i = 0; i < inputs; i++) {
    const row = group[i] * outputs;
    for (let j = 0; j < outputs; j++) data[row + j] += Math.log1p(-Math.min(1, alpha[i * outputs + j]));
  }
  return { rows: z.length, cols: outputs, data };
}

/** The same edges seen from the other side. */
export function transposeMiss({ rows, cols, data }: MissLogs): MissLogs {
  const turned = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) turned[j * rows + i] = data[i * cols + j];
  return { rows: cols, cols: rows, data: turned };
}

/**
 * Sweeps through the steps, starting from units that are alive independently with the probabilities `start`.
 *
 * As long as the living units are independent with known probabilities the result is exact: always for the first step,
 * and for the second when `start` is certain (all 0 or 1), as it is at the outputs. Later steps use `samples` masks.
 *
 * @returns one {@link Reach} per step.
 */
export function sweep(start: ArrayLike<number>, steps: readonly SweepStep[], samples: number, stream: Stream): Reach[] {
  const results: Reach[] = [];
  let independent: ArrayLike<number> | undefined = start;
  let alive = throwUnits(start, samples, stream.split('start'));
  for (const [index, step] of steps.entries()) {
    const draws = stream.split('step', index);
    const certain: boolean = independent !== undefined && isCertain(independent);
    const exact: Reach | undefined = independent && exactReach(step.miss, independent);
    // The last step's masks have nobody to hand them to.
    const last = index === steps.length - 1;
    let reach = exact;
    if (!exact || !last) {
      const estimate = sampledReach(step, alive, samples, last ? undefined : draws);
      reach ??= estimate.reach;
      alive = estimate.alive;
    }
    results.push(reach!);
    independent = exact && certain ? exact.mean.map((p, k) => p * (step.gate ? step.gate[k] : 1)) : undefined;
  }
  return results;
}

const isCertain = (probabilities: ArrayLike<number>): boolean => Array.from(probabilities).every((p) => p === 0 || p === 1);

/** samples x units, 1 where the unit is alive. */
function throwUnits(probabilities: ArrayLike<number>, samples: number, stream: Stream): Uint8Array {
  const units = probabilities.length;
  const alive = new Uint8Array(samples * units);
  for (let at = 0; at < alive.length; at++) alive[at] = stream.uniform() < probabilities[at % units] ? 1 : 0;
  return alive;
}

/** P(reached) of column k = 1 - prod_g (1 - a_g (1 - miss_gk)), rows g being alive independently with probability a_g. */
function exactReach({ rows, cols, data }: MissLogs, alive: ArrayLike<number>): Reach {
  const logs = new Float64Array(cols);
  for (let g = 0; g < rows; g++) {
    if (alive[g] === 0) continue;
    for (let k = 0; k < cols; k++) {
      const miss = data[g * cols + k];
      // The certain row goes by its own path so that tiny alphas keep their digits.
      logs[k] += alive[g] === 1 ? miss : Math.log1p(alive[g] * Math.expm1(miss));
    }
  }
  return { mean: logs.map((log) => 0 - Math.expm1(log)), error: new Float64Array(cols) };
}

/** Estimate over masks of the living rows; with `stream`, also draws which columns are reached and have an open gate. */
function sampledReach({ miss, gate }: SweepStep, alive: Uint8Array, samples: number, stream?: Stream) {
  const { rows, cols, data } = miss;
  const sum = new Float64Array(cols);
  const squares = new Float64Array(cols);
  const logs = new Float64Array(cols);
  const next = new Uint8Array(stream ? samples * cols : 0);
  for (let s = 0; s < samples; s++) {
    logs.fill(0);
    for (let g = 0; g < rows; g++) {
      if (alive[s * rows + g] === 0) continue;
      for (let k = 0, at = g * cols; k < cols; k++, at++) logs[k] += data[at];
    }
    for (let k = 0; k < cols; k++) {
      const p = 0 - Math.expm1(logs[k]);
      sum[k] += p;
      squares[k] += p * p;
      if (stream) next[s * cols + k] = stream.uniform() < p * (gate ? gate[k] : 1) ? 1 : 0;
    }
  }
  const mean = sum.map((total) => total / samples);
  const error = mean.map((m, k) => Math.sqrt(Math.max(0, squares[k] / samples - m * m) / samples));
  return { reach: { mean, error }, alive: next };
}
