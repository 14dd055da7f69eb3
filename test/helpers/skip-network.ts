/** Networks some of whose layers read other units than all of the layer before. */
import { posteriorOf } from '../../src/model/posterior.js';
import { graphOfShape } from '../../src/model/graph.js';
import { block, layoutOf, type NetworkShape } from '../../src/model/shape.js';
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

/** The same with outputs that read every input: both columns of the pair, whose direct edges share a gate. */
export const pairShape = (kind: SkipKind): NetworkShape =>
  ({ ...skipShape(kind), sources: [undefined, undefined, Int32Array.of(0, 1, 2, 3, 4, 8, 9)] });

/** The edges that lead directly from each input to the outputs, as places in the flat block of edge gates. */
export function directEdges(shape: NetworkShape): number[][] {
  const { layers, direct } = layoutOf(shape);
  const { weight, outputs } = layers[layers.length - 1];
  const groups = new Map<number, number[]>();
  graphOfShape(shape).sourcesOf(layers.length - 1).subarray(0, direct).forEach((source, row) => {
    const edges = Array.from({ length: outputs }, (_, j) => weight + row * outputs + j);
    groups.set(shape.inputGroup[source], [...(groups.get(shape.inputGroup[source]) ?? []), ...edges]);
  });
  return [...groups.values()];
}

/** The direct edges of an input share a gate: all get the logit of the first. */
export function tied(theta: Float32Array, shape: NetworkShape): Float32Array {
  const logits = block(theta, layoutOf(shape), 'alphaLogit');
  if (logits) for (const edges of directEdges(shape)) for (const w of edges) logits[w] = logits[edges[0]];
  return theta;
}

/** A random posterior of such a shape; gates spread over [0, 1] with exact zeros and ones among them. */
export function skipPosterior(shape: NetworkShape, seed: number): Posterior {
  const stream = Stream.fromSeed(seed).split('skip');
  const layout = layoutOf(shape);
  const theta = tied(stream.split('theta').normals(layout.size), shape);
  const { offset, length } = layout.blocks.get('rho')!;
  for (let at = offset; at < offset + length; at++) theta[at] = -2 + 0.4 * theta[at];
  const all = (value: number): number[] => graphOfShape(shape).blocks.map(() => value);
  const node = layout.layers.map(() => 0.3);
  const posterior = posteriorOf(theta, shape, layout, { node, edge: all(0.4), tau: all(1) });
  const gates = stream.split('gates');
  const decided = (z: number): number => {
    const u = gates.uniform();
    return u < 0.2 ? 0 : u > 0.7 ? 1 : z;
  };
  const nodes = shape.gates === 'both' || shape.gates === 'node';
  const edge = shape.gates === 'both' || shape.gates === 'weight';
  return {
    ...posterior,
    inputs: { ...posterior.inputs, z: nodes ? posterior.inputs.z.map(decided) : posterior.inputs.z },
    units: posterior.units.map((tier) => ({ ...tier, z: nodes ? tier.z.map(decided) : tier.z })),
    layers: posterior.layers.map((layer, l) =>
      ({ ...layer, alpha: edge ? tiedAlpha(layer.alpha.map(decided), shape, l) : layer.alpha })),
  };
}

/** Decisions of the last layer's direct edges, the same for all of an input. */
export function tiedAlpha(alpha: Float32Array, shape: NetworkShape, l: number): Float32Array {
  const { layers } = layoutOf(shape);
  if (l < layers.length - 1) return alpha;
  const { weight } = layers[l];
  for (const edges of directEdges(shape)) for (const w of edges) alpha[w - weight] = alpha[edges[0] - weight];
  return alpha;
}

/** Rows whose target needs both ways: input 0 is linear and reaches far, of input 1 a bend matters, the others do nothing. */
export function skipRows(rows: number, seed = 1): { x: Matrix; y: Matrix } {
  const stream = Stream.fromSeed(seed).split('skip rows');
  const x = stream.split('x').normals(rows * 5);
  const noise = stream.split('noise').normals(rows);
  const y = Float32Array.from(noise, (e, n) => 0.9 * x[5 * n] + Math.abs(x[5 * n + 1]) - 0.8 + 0.2 * e);
  return { x: { rows, cols: 5, data: x }, y: { rows, cols: 1, data: y } };
}
