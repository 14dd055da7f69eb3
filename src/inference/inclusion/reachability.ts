/**
 * Which units can be reached when every gate is thrown: for a random mask drawn from q, the probability that a unit has a
 * path of open gates to the side where the sweep starts.
 *
 * Given which sources are alive, the targets of a step are reached independently of each other, because no two of them
 * share an edge: target k is missed with probability prod_{g alive} (1 - alpha_gk), over all groups of units that lead to it.
 * So no edge is ever drawn. Each mask costs one sum of logarithms per living row, and the mean over masks of 1 - prod is a
 * Rao-Blackwellised estimate with a smaller variance than the count of reached masks (Casella & Robert 1996).
 */
import type { Stream } from '../../random.js';
import { tierGates } from '../../model/gates.js';
import { graphOf } from '../../model/graph.js';
import { edgeProbabilities } from '../../model/mixture.js';
import { hasEdgeGates } from '../../model/shape.js';
import type { Posterior } from '../../types.js';

/** Logarithms of the probability that no edge joins a row to a column: rows x cols, row-major. */
export interface MissLogs {
  rows: number;
  cols: number;
  /** log prod (1 - alpha) <= 0, -Infinity where an edge is certain. */
  data: Float64Array;
}

/** One step of a sweep: from the rows of some matrices to their common columns, whose own gates open with probability `gate`. */
export interface SweepStep {
  /** Whose units the rows are: group 0 is where the sweep starts, group n the columns of the n-th step. Ascending. */
  from: { group: number; miss: MissLogs }[];
  /** cols. */
  gate: ArrayLike<number>;
}

/** P(reached) of each column of a step, not counting the column's own gate, with its Monte-Carlo standard error. */
export interface Reach {
  mean: Float64Array;
  /** 0 where the value is exact. */
  error: Float64Array;
}

/**
 * Miss logarithms of layer l, for each tier that it reads: from the gates of the tier (features, or hidden units) to the
 * layer's units, gates x outputs; an edge's probability is its own indicator's.
 */
export function missLogs(posterior: Posterior, l: number, graph = graphOf(posterior)): { tier: number; miss: MissLogs }[] {
  const { group } = posterior.inputs;
  const layer = posterior.layers[l];
  const { outputs } = layer;
  const alpha = edgeProbabilities(layer);
  return graph.feedsOf(l).map(({ tier, row: first, units }) => {
    const rows = tierGates(posterior)[tier].z.length;
    const data = new Float64Array(rows * outputs);
    // Edges that share a gate are one way to the outputs, all of which are there: their miss stands at the first.
    if (hasEdgeGates(posterior.gates) && l === graph.depth - 1 && first < graph.directRows) {
      units.forEach((unit, i) => { data[group[unit] * outputs] = Math.log1p(-Math.min(1, alpha[(first + i) * outputs])); });
      return { tier, miss: { rows, cols: outputs, data } };
    }
    units.forEach((unit, i) => {
      const [from, to] = [(first + i) * outputs, (tier === 0 ? group[unit] : unit) * outputs];
      for (let j = 0; j < outputs; j++) data[to + j] += Math.log1p(-Math.min(1, alpha[from + j]));
    });
    return { tier, miss: { rows, cols: outputs, data } };
  });
}

/** The same edges seen from the other side. */
export function transposeMiss({ rows, cols, data }: MissLogs): MissLogs {
  const turned = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) turned[j * rows + i] = data[i * cols + j];
  return { rows: cols, cols: rows, data: turned };
}

/** The units of a group as far as a sweep has come. */
interface Group {
  /** samples x units, 1 where the unit is alive. */
  alive: Uint8Array;
  /** Probabilities of being alive, where these events are independent of one another and of those in other such groups. */
  independent?: ArrayLike<number>;
}

/**
 * Sweeps through the steps, starting from units that are alive independently with the probabilities `start`.
 *
 * As long as the living units that a step starts from are independent with known probabilities the result is exact: always for
 * the first step, and for the second when `start` is certain (all 0 or 1), as it is at the outputs. Later steps use `samples`
 * masks.
 *
 * @returns one {@link Reach} per step.
 */
export function sweep(start: ArrayLike<number>, steps: readonly SweepStep[], samples: number, stream: Stream): Reach[] {
  const groups: Group[] = [{ alive: throwUnits(start, samples, stream.split('start')), independent: start }];
  return steps.map((step, index) => {
    const known = step.from.every(({ group }) => groups[group].independent !== undefined);
    const certain = known && step.from.every(({ group }) => isCertain(groups[group].independent!));
    const exact = known ? exactReach(step, groups) : undefined;
    // The last step's masks have nobody to hand them to.
    const last = index === steps.length - 1;
    const estimate = exact && last ? undefined : sampledReach(step, groups, samples, last ? undefined : stream.split('step', index));
    groups.push({
      alive: estimate?.alive ?? new Uint8Array(),
      ...(exact && certain && { independent: exact.mean.map((p, k) => p * step.gate[k]) }),
    });
    return exact ?? estimate!.reach;
  });
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
function exactReach({ from, gate: { length: cols } }: SweepStep, groups: readonly Group[]): Reach {
  const logs = new Float64Array(cols);
  for (const { group, miss: { rows, data } } of from) {
    const alive = groups[group].independent!;
    for (let g = 0; g < rows; g++) {
      if (alive[g] === 0) continue;
      for (let k = 0; k < cols; k++) {
        const miss = data[g * cols + k];
        // The certain row goes by its own path so that tiny alphas keep their digits.
        logs[k] += alive[g] === 1 ? miss : Math.log1p(alive[g] * Math.expm1(miss));
      }
    }
  }
  return { mean: logs.map((log) => 0 - Math.expm1(log)), error: new Float64Array(cols) };
}

/** Estimate over masks of the living rows; with `stream`, also draws which columns are reached and have an open gate. */
function sampledReach({ from, gate }: SweepStep, groups: readonly Group[], samples: number, stream?: Stream) {
  const cols = gate.length;
  const sum = new Float64Array(cols);
  const squares = new Float64Array(cols);
  const logs = new Float64Array(cols);
  const next = new Uint8Array(stream ? samples * cols : 0);
  for (let s = 0; s < samples; s++) {
    logs.fill(0);
    for (const { group, miss: { rows, data } } of from) {
      const { alive } = groups[group];
      for (let g = 0; g < rows; g++) {
        if (alive[s * rows + g] === 0) continue;
        for (let k = 0, at = g * cols; k < cols; k++, at++) logs[k] += data[at];
      }
    }
    for (let k = 0; k < cols; k++) {
      const p = 0 - Math.expm1(logs[k]);
      sum[k] += p;
      squares[k] += p * p;
      if (stream) next[s * cols + k] = stream.uniform() < p * gate[k] ? 1 : 0;
    }
  }
  const mean = sum.map((total) => total / samples);
  const error = mean.map((m, k) => Math.sqrt(Math.max(0, squares[k] / samples - m * m) / samples));
  return { reach: { mean, error }, alive: next };
}
