/** Small networks with parameters, data and noise to go with them. */
import { graphOfShape } from '../../src/model/graph.js';
import { layoutOf, type Layout, type NetworkShape } from '../../src/model/shape.js';
import type { Prior } from '../../src/model/prior.js';
import type { Stream } from '../../src/random.js';
import type { Activation, Gates, Spike, Task } from '../../src/types.js';
import type { ReferenceBatch } from './reference.js';

export const GATES: Gates[] = ['both', 'node', 'weight', 'none'];
export const TASKS: Task[] = ['regression', 'binary', 'multiclass'];

/** Three input columns of two features: the last two share a gate. */
export const smallShape = (gates: Gates, task: Task, activation: Activation, hidden: number[], spike: Spike = 'dirac'): NetworkShape => ({
  widths: [3, ...hidden, task === 'multiclass' ? 3 : 1], activation, gates, spike, task, inputGroup: Int32Array.of(0, 1, 1), inputGates: 2,
});

/** Different numbers in every layer, so that none can stand for another. */
export const priorOf = (shape: NetworkShape): Prior => {
  const each = (value: (l: number) => number): number[] => graphOfShape(shape).blocks.map((_, block) => value(block));
  const spike = shape.spike === 'gaussian' ? { spike: each((l) => 0.08 + 0.04 * l) } : {};
  const node = shape.widths.slice(1).map((_, l) => 0.3 - 0.05 * l);
  return { node, edge: each((l) => 0.2 + 0.1 * l), tau: each((l) => 0.7 + 0.4 * l), ...spike };
};

/** Parameters far from every special value: gates from about 0.1 to 0.9, sigma from 0.2 to 0.6. */
export function randomTheta(layout: Layout, stream: Stream): Float32Array {
  const theta = stream.normals(layout.size);
  for (const name of ['rho', 'biasRho'] as const) {
    const { offset, length } = layout.blocks.get(name)!;
    for (let at = offset; at < offset + length; at++) theta[at] = -1 + 0.4 * theta[at];
  }
  theta[layout.blocks.get('logNoise')!.offset] = -0.7;
  return theta;
}

export function randomBatch(shape: NetworkShape, rows: number, stream: Stream): ReferenceBatch {
  const outputs = shape.widths[shape.widths.length - 1];
  const row = (): number[] => Array.from(stream.normals(shape.widths[0]));
  const target = (): number[] => {
    if (shape.task === 'regression') return Array.from(stream.normals(1));
    if (shape.task === 'binary') return [stream.integer(2)];
    const label = stream.integer(outputs);
    return Array.from({ length: outputs }, (_, c) => Number(c === label));
  };
  return {
    x: Array.from({ length: rows }, row), y: Array.from({ length: rows }, target),
    noise: Array.from(stream.normals(rows * layoutOf(shape).units)),
  };
}
