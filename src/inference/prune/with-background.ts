/**
 * A pruned network with the dense background of its posterior (docs/method.md, The dense background): the background's weights
 * become edges that lead directly from all encoded columns to the outputs.
 */
import { columnCount } from '../../data/feature.js';
import { linearOutputs } from '../../linear/outputs.js';
import { Graph } from '../../model/graph.js';
import type { Background, CompressedLayer, CompressedModel, Encoder, Matrix } from '../../types.js';
import { columnPlaces, columnSubset, meanOutputs } from '../predictive/compressed-draws.js';
import { compressedGraph } from '../predictive/compressed.js';
import type { PruneReport } from './prune.js';
import { networkSize } from './size.js';

/**
 * Share x network + background as one network, which reads all inputs.
 * @param whole the encoder that the background's weights [d_0, K] belong to
 * @param pips one for each of its inputs
 * @param spread [d_0, K]: standard deviations of the background's weights; none by default
 */
export function withBackground(
  model: CompressedModel, background: Background, whole: Encoder, pips: ArrayLike<number>, spread?: Float32Array,
): CompressedModel {
  const graph = compressedGraph(model);
  const columns = columnCount(whole.features);
  const places = columnPlaces(whole, model.encoder);
  const moved = (source: number): number => (source < graph.columns ? places[source] : source - graph.columns + columns);
  const layers = model.layers.map((layer, l) => {
    const sources = graph.sourcesOf(l).map(moved);
    return l < graph.depth - 1 ? { ...layer, sources } : joined(layer, sources, { ...background, spread }, columns);
  });
  const wired = new Graph(columns, layers);
  return {
    ...model, encoder: whole, inputPips: Array.from(pips),
    layers: layers.map(({ sources: _, ...layer }, l) => ({ ...layer, ...wired.field(l) })),
  };
}

/** The last layer: its own rows times the share, and those of all columns, whose background weights have no spread. */
function joined(
  layer: CompressedLayer, sources: Int32Array, background: Background & { spread: Float32Array | undefined }, columns: number,
): CompressedLayer {
  const [{ outputs }, { weight, bias, share, spread }] = [layer, background];
  const hidden = sources.filter((source) => source >= columns);
  const all = Int32Array.from([...Array(columns).keys(), ...hidden]);
  const places = new Map(Array.from(all, (source, row) => [source, row]));
  const sum = new Float32Array(all.length * outputs);
  const sd = new Float32Array(all.length * outputs);
  sum.set(weight);
  if (spread) sd.set(spread);
  sources.forEach((source, row) => {
    for (let k = 0, from = row * outputs, to = places.get(source)! * outputs; k < outputs; k++, from++, to++) {
      sum[to] += share * layer.weight[from];
      sd[to] = Math.hypot(sd[to], share * layer.weightSd[from]);
    }
  });
  return {
    ...layer, inputs: all.length, sources: all, weight: sum, weightSd: sd,
    bias: layer.bias.map((value, k) => share * value + bias[k]), biasSd: layer.biasSd.map((value) => share * value),
  };
}

/**
 * Which part of what share x network + background explains is carried by the inputs that the pruned network names, and not by the
 * many others: Cov(f, g) / Var(f) over the rows x [n, d_0], summed over the outputs, where f is everything and g what the named
 * inputs alone do to it. Within [0, 1]; undefined where f is constant.
 */
export function namedShare(model: CompressedModel, background: Background, whole: Encoder, x: Matrix): number | undefined {
  const { weight, bias, share } = background;
  const outputs = bias.length;
  const network = meanOutputs(model, columnSubset(whole, model.encoder)(x)).values;
  const named = new Set(columnsOfInputs(whole, model.encoder));
  const part = (keep: (column: number) => boolean): Float64Array =>
    linearOutputs({ weight: weight.map((each, w) => (keep(Math.floor(w / outputs)) ? each : 0)), bias }, x);
  const g = part((column) => named.has(column)).map((value, at) => value + share * network[at]);
  const f = part((column) => !named.has(column)).map((value, at) => value + g[at]);
  const [own, of] = [covariance(f, g, outputs), covariance(f, f, outputs)];
  return of > 0 ? Math.min(1, Math.max(0, own / of)) : undefined;
}

/** The report of a cut, of the network that all inputs lead into. */
export function grownReport(report: PruneReport, model: CompressedModel): PruneReport {
  const after: Record<string, number> = { inputs: model.inputPips.length, columns: columnCount(model.encoder.features) };
  const units = report.units.map((unit) => ({ ...unit, after: after[unit.name] ?? unit.after }));
  return { ...report, after: networkSize(model), units };
}

/** All columns of the inputs that a part of the encoder keeps any column of. */
function columnsOfInputs({ features }: Encoder, part: Encoder): number[] {
  const kept = new Set(part.features.map(({ name }) => name));
  return features.flatMap(({ name, columns }) => columns.map(() => kept.has(name))).flatMap((keep, c) => (keep ? [c] : []));
}

/** Sum over outputs of the covariance of two tables of rows x outputs, times the number of rows. */
function covariance(a: Float64Array, b: Float64Array, outputs: number): number {
  const rows = a.length / outputs;
  let total = 0;
  for (let k = 0; k < outputs; k++) {
    let [sumA, sumB, product] = [0, 0, 0];
    for (let at = k; at < a.length; at += outputs) {
      sumA += a[at];
      sumB += b[at];
      product += a[at] * b[at];
    }
    total += product - sumA * sumB / rows;
  }
  return total;
}
