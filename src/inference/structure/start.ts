/** A variational network as a start of the search over structures: what of it is probable, in the search's units. */
import type { CompressedModel, Encoder } from '../../types.js';
import { ACTIVATIONS } from '../../activations.js';
import { emptyNetwork, fullMask, type Network, type Skip, type Unit } from '../../search/network.js';
import type { SearchTable } from '../../search/problem.js';
import { columnPlaces } from '../predictive/compressed-draws.js';
import { compressedGraph } from '../predictive/compressed.js';

/** A start has no more units: the strongest ones. */
const MOST_UNITS = 8;

/** What a unit takes of the encoded columns, and its bias. */
interface Argument {
  weights: Float64Array;
  bias: number;
}

/**
 * Units that feed the outputs become units of the search; the ones before them enter their arguments by their slope about 0. For
 * one hidden layer of silu the functions are equal: silu(a) = a / 2 + phi(a). For others the weights are a place to begin.
 * @param model the median probability model of a posterior whose encoder is `encoder`
 */
export function startFrom(model: CompressedModel, encoder: Encoder, { columns, outputs: K, places }: SearchTable): Network {
  const graph = compressedGraph(model);
  const source = columnPlaces(encoder, model.encoder);
  const inputOf = new Map(places.flatMap((own, input) => own.map((c) => [c, input] as const)));
  const d = inputOf.size;
  const { value } = ACTIVATIONS[model.activation];
  const slope = (value(1) - value(-1)) / 2;
  const single = (c: number): Argument => ({ weights: Float64Array.from({ length: d }, (_, at) => (at === c ? 1 : 0)), bias: 0 });
  const tiers: Argument[][] = [source.map(single)];
  const last = model.layers.length - 1;
  const linear = Array.from({ length: K }, (_, k) => ({ weights: new Float64Array(d), bias: model.layers[last].bias[k] }));
  const units: { argument: Argument; out: Float64Array }[] = [];
  model.layers.forEach(({ outputs, weight, bias }, l) => {
    const own = Array.from({ length: outputs }, (_, j) => ({ weights: new Float64Array(d), bias: bias[j] }));
    for (const { tier, row, units: read } of graph.feedsOf(l)) {
      read.forEach((unit, at) => {
        const from = tiers[tier][unit];
        const out = weight.subarray((row + at) * outputs, (row + at + 1) * outputs);
        if (l === last && tier > 0) units.push({ argument: from, out: Float64Array.from(out) });
        else out.forEach((value, j) => add(l === last ? linear[j] : own[j], from, tier > 0 ? slope * value : value));
      });
    }
    if (l < last) tiers.push(own);
  });
  const acts = (values: Float64Array): boolean => values.some((value) => value !== 0);
  const kept = units.filter(({ argument: { weights }, out }) => acts(weights) && acts(out))
    .sort((a, b) => strength(b.out) - strength(a.out)).slice(0, MOST_UNITS);
  for (const { argument, out } of kept) out.forEach((value, k) => add(linear[k], argument, slope * value));
  return assembled(linear, kept, { columns, outputs: K, places });
}

function add(to: Argument, from: Argument, factor: number): void {
  if (factor === 0) return;
  from.weights.forEach((value, c) => { to.weights[c] += factor * value; });
  to.bias += factor * from.bias;
}

const strength = (out: Float64Array): number => out.reduce((sum, value) => sum + Math.abs(value), 0);

function assembled(
  linear: readonly Argument[], units: readonly { argument: Argument; out: Float64Array }[],
  { columns, outputs: K, places }: Pick<SearchTable, 'columns' | 'outputs' | 'places'>,
): Network {
  const mask = fullMask(K);
  const used = (weights: Float64Array, input: number): boolean => places[input].some((c) => weights[c] !== 0);
  const inputs = Array.from(columns.keys());
  const skipOf = (input: number): Skip => {
    const weightAt = (at: number): number => linear[at % K].weights[places[input][Math.floor(at / K)]];
    return { input, mask, weight: Float64Array.from({ length: columns[input] * K }, (_, at) => weightAt(at)) };
  };
  const skips = inputs.filter((input) => linear.some(({ weights }) => used(weights, input))).map(skipOf);
  return {
    ...emptyNetwork(K), bias: Float64Array.from(linear, ({ bias }) => bias), skips,
    units: units.map(({ argument: { weights, bias }, out }): Unit => {
      const own = inputs.filter((input) => used(weights, input));
      return { inputs: own, mask, bias, weights: own.map((input) => Float64Array.from(places[input], (c) => weights[c])), out };
    }),
  };
}
