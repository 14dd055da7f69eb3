/** Networks some of whose layers read other units than all of the layer before. */
import { posteriorOf } from '../../src/model/posterior.js';
import { layoutOf, type NetworkShape } from '../../src/model/shape.js';
import { Stream } from '../../src/random.js';
import type { Activation, Gates, Matrix, Posterior, Task } from '../../src/types.js';

export interface SkipKind {
  task: Task;
  gates: Gates;
  activation?: Activation;
}

/** Encoded columns per input: four inputs, of which the second has two columns. */
export const SKIP_FEATURES = [1, 2, 1, 1];
const COLUMNS = { inputGroup: Int32Array.of(0, 1, 1, 2, 3), inputGates: 4 };
const outputsOf = (task: Task): number => (task === 'multiclass' ? 3 : 1);

/** Two hidden layers of 3 and 2 units; the outputs also read columns 0 and 3, which are inputs 0 and 2. */
export const skipShape = ({ task, gates, activation = 'tanh' }: SkipKind): NetworkShape => ({
  ...COLUMNS, task, gates, activation, widths: [5, 3, 2, outputsOf(task)],
  sources: [undefined, undefined, Int32Array.of(0, 3, 8, 9)],
});

/** The same with routes of every kind: parts of tiers, one column of a pair, a unit of the first layer that skips the second. */
export const tangledShape = (kind: SkipKind): NetworkShape =>
  ({ ...skipShape(kind), sources: [Int32Array.of(0, 1, 2, 4), Int32Array.of(1, 5, 7), Int32Array.of(0, 2, 3, 6, 8, 9)] });

/** A random posterior of such a shape; gates spread over [0, 1] with exact zeros and ones among them. */
export function skipPosterior(shape: NetworkShape, seed: number): Posterior {
  const stream = Stream.fromSeed(seed).split('skip');
  const layout = layoutOf(shape);
  const theta = stream.split('theta').normals(layout.size);
  const { offset, length } = layout.blocks.get('rho')!;
  for (let at = offset; at < offset + length; at++) theta[at] = -2 + 0.4 * theta[at];
  const layers = layout.layers.length;
  const all = (value: number): number[] => Array<number>(layers).fill(value);
  const posterior = posteriorOf(theta, shape, layout, { node: all(0.3), edge: all(0.4), tau: all(1) });
  const gates = stream.split('gates');
  const decided = (z: number): number => {
    const u = gates.uniform();
    return u < 0.2 ? 0 : u > 0.7 ? 1 : z;
  };
  const node = shape.gates === 'both' || shape.gates === 'node';
  const edge = shape.gates === 'both' || shape.gates === 'weight';
  return {
    ...posterior,
    inputs: { ...posterior.inputs, z: node ? posterior.inputs.z.map(decided) : posterior.inputs.z },
    units: posterior.units.map((tier) => ({ ...tier, z: node ? tier.z.map(decided) : tier.z })),
    layers: posterior.layers.map((layer) => ({ ...layer, alpha: edge ? layer.alpha.map(decided) : layer.alpha })),
  };
}

/** Rows whose target needs both ways: input 0 is linear and reaches far, of input 1 a bend matters, the others do nothing. */
export function skipRows(rows: number, seed = 1): { x: Matrix; y: Matrix } {
  const stream = Stream.fromSeed(seed).split('skip rows');
  const x = stream.split('x').normals(rows * 5);
  const noise = stream.split('noise').normals(rows);
  const y = Float32Array.from(noise, (e, n) => 0.9 * x[5 * n] + Math.abs(x[5 * n + 1]) - 0.8 + 0.2 * e);
  return { x: { rows, cols: 5, data: x }, y: { rows, cols: 1, data: y } };
}
