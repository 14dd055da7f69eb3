/** Networks of the search over structures as plain lists of weights, and their outputs. */
import { BIAS, type Layout } from '../../search/layout.js';
import { outputsAt } from '../../search/outputs.js';
import type { OutputDraws } from '../../likelihood/index.js';
import type { Matrix, NetworkList, Posterior } from '../../types.js';

/** @param networks at least one */
export function listOf(networks: readonly { layout: Layout; w: Float64Array }[]): NetworkList {
  const from = new Int32Array(networks.length + 1);
  networks.forEach(({ layout: { size } }, m) => { from[m + 1] = from[m] + size; });
  const size = from[networks.length];
  const list = {
    from, kind: new Int32Array(size), column: new Int32Array(size), unit: new Int32Array(size), output: new Int32Array(size),
    weight: new Float32Array(size),
  };
  networks.forEach(({ layout, w }, m) => {
    for (const field of ['kind', 'column', 'unit', 'output'] as const) list[field].set(layout[field], from[m]);
    list.weight.set(w, from[m]);
  });
  return list;
}

/** One network of a list. */
export type Listed = Pick<Layout, 'size' | 'kind' | 'column' | 'unit' | 'output' | 'units' | 'outputs'> & { w: Float64Array };

export function networkAt({ from, kind, column, unit, output, weight }: NetworkList, m: number): Listed {
  const [begin, end] = [from[m], from[m + 1]];
  const part = <T extends Int32Array | Float32Array>(of: T): T => of.subarray(begin, end) as T;
  const own = { kind: part(kind), column: part(column), unit: part(unit), output: part(output) };
  const outputs = own.kind.findIndex((each) => each !== BIAS);
  return {
    size: end - begin, ...own, outputs: outputs < 0 ? end - begin : outputs,
    units: 1 + own.unit.reduce((most, h) => Math.max(most, h), -1),
    w: Float64Array.from(part(weight)),
  };
}

type Averaged = Posterior & Required<Pick<Posterior, 'average'>>;

/** Whether predictions are those of an average over structures. */
export const hasAverage = (posterior: Posterior): posterior is Averaged => posterior.average !== undefined;

/**
 * Outputs of the networks that were drawn from an average over structures once, when it was found.
 * @param x encoded rows [n, d_0]
 */
export function averageOutputs(
  { task, layers, average }: Averaged, { rows, cols, data }: Matrix,
): OutputDraws {
  const { draws } = average;
  const [count, { outputs }] = [draws.noiseVariance.length, layers[layers.length - 1]];
  const used = new Set(draws.column);
  const columns = Array.from({ length: cols }, (_, c) => {
    const column = new Float64Array(used.has(c) ? rows : 0);
    for (let n = 0; n < column.length; n++) column[n] = data[n * cols + c];
    return column;
  });
  const values = new Float32Array(count * rows * outputs);
  for (let s = 0; s < count; s++) {
    const network = networkAt(draws, s);
    values.set(outputsAt(network, network.w, columns, rows), s * rows * outputs);
  }
  const noiseVariance = draws.noiseVariance.reduce((sum, each) => sum + each / count, 0);
  return { task, draws: count, rows, outputs, values, noiseVariance };
}
