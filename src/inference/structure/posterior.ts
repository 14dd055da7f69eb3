/** What a search over structures found, as a posterior that is pruned, exported and drawn like any other. */
import { shapeSources, skipGraph } from '../../model/graph.js';
import { EDGE, OUT, SKIP, UNIT_BIAS } from '../../search/layout.js';
import type { StructurePrior } from '../../search/prior.js';
import type { SearchTable } from '../../search/problem.js';
import type { Reference } from '../../search/reference.js';
import { slabsAt } from '../../search/scales.js';
import type { SearchSummary } from '../../search/summary.js';
import type { LayerPosterior, Posterior, StructureAverage, Task } from '../../types.js';
import type { Inclusion } from '../inclusion/inclusion.js';

export interface Found {
  reference: Reference;
  summary: SearchSummary;
  average: StructureAverage;
  table: SearchTable;
  prior: StructurePrior;
}

/**
 * The reference structure with its PIPs; predictions are the average's. Units of the search are those of `xtanh` at half their
 * arguments: a (sigmoid(a) - 1/2) = g(a / 2) with g(a) = a tanh(a). An edge's `alpha` is its probability given that all else of
 * the reference stays, and z of an input is its PIP over all structures. At least one way of each input has no lower probability
 * than the input: which way it takes may not be certain, but that it has one is.
 */
export function structurePosterior(task: Task, group: Int32Array, found: Found): { posterior: Posterior; inclusion: Inclusion } {
  const { reference, reference: { fit, scales }, summary: { pips, nonlinear }, table, prior, average } = found;
  const [d, H, K] = [group.length, fit.network.units.length, table.outputs];
  const { likelihood } = table;
  const slabs = slabsAt(likelihood, scales);
  const widths = H > 0 ? [d, H, K] : [d, K];
  const { sources } = shapeSources(skipGraph(widths));
  const hidden = H > 0 ? emptyLayer(d, H, { edge: EVEN, tau: slabs.in / 2 }) : undefined;
  const output: LayerPosterior = {
    ...emptyLayer(d + H, K, { edge: EVEN, tau: H > 0 ? slabs.out : slabs.skip }),
    ...(H > 0 && { sources: sources![1]!, earlier: [{ rows: d, edge: EVEN, tau: slabs.skip }] }),
  };
  placed(reference, hidden, output);
  const weak = Array.from(pips.keys()).filter((input) => isWeak(found, input));
  addSkips(reference, new Set(weak.flatMap((input) => table.places[input])), output);
  const units = Float64Array.from(reference.units);
  if (hidden) openWays(found, hidden, output, units);
  else for (const { input } of fit.network.skips) open(output, table.places[input], K);
  const posterior: Posterior = {
    task, activation: 'xtanh', gates: 'both',
    inputs: { z: Float32Array.from(pips), prior: 1 / (1 + prior.sparsity), group, ...(prior.own && { own: prior.own }) },
    units: hidden ? [{ z: Float32Array.from(units), prior: prior.unitRatio }] : [],
    layers: hidden ? [hidden, output] : [output],
    noiseVariance: average.draws.noiseVariance.reduce((sum, each, _, all) => sum + each / all.length, 0), average,
  };
  const none = (length: number): Float64Array => new Float64Array(length);
  const inclusion: Inclusion = {
    weights: posterior.layers.map(({ alpha }) => alpha),
    nodes: hidden ? [units] : [], nodeErrors: hidden ? [none(H)] : [],
    inputs: pips, inputErrors: none(pips.length), nonlinear, nonlinearErrors: none(pips.length),
    samples: average.draws.noiseVariance.length,
  };
  return { posterior, inclusion };
}

const EVEN = 0.5;

function emptyLayer(inputs: number, outputs: number, prior: LayerPosterior['prior']): LayerPosterior {
  const zeros = (length: number): Float32Array => new Float32Array(length);
  const size = inputs * outputs;
  return {
    inputs, outputs, mu: zeros(size), sigma: zeros(size), alpha: zeros(size), biasMu: zeros(outputs), biasSigma: zeros(outputs),
    prior,
  };
}

/** Puts the weights of the reference into its layers; those of hidden units are halved. */
function placed(
  { fit: { layout, w }, weights: shares, spread }: Reference, hidden: LayerPosterior | undefined, output: LayerPosterior,
): void {
  const [K, d] = [layout.outputs, hidden?.inputs ?? output.inputs];
  for (let p = 0; p < layout.size; p++) {
    const [kind, c, h, k] = [layout.kind[p], layout.column[p], layout.unit[p], layout.output[p]];
    if (kind === SKIP) put(output, c * K + k, w[p], spread[p], shares[p]);
    else if (kind === EDGE) put(hidden!, c * hidden!.outputs + h, w[p] / 2, spread[p] / 2, shares[p]);
    else if (kind === OUT) put(output, (d + h) * K + k, w[p], spread[p], shares[p]);
    else {
      const [layer, unit, half] = kind === UNIT_BIAS ? [hidden!, h, 2] : [output, k, 1];
      layer.biasMu[unit] = w[p] / half;
      layer.biasSigma[unit] = spread[p] / half;
    }
  }
}

function put({ mu, sigma, alpha }: LayerPosterior, at: number, mean: number, sd: number, share: number): void {
  mu[at] = mean;
  sigma[at] = sd;
  alpha[at] = share;
}

/** Direct edges from columns that the reference does not use. */
function addSkips(
  { wider: { layout, w }, widerSpread: spread }: Reference, columns: ReadonlySet<number>, output: LayerPosterior,
): void {
  for (let p = 0; p < layout.size; p++) {
    if (layout.kind[p] === SKIP && columns.has(layout.column[p])) {
      put(output, layout.column[p] * layout.outputs + layout.output[p], w[p], spread[p], 1);
    }
  }
}

const isWeak = ({ reference: { fit: { network: { skips, units } } } }: Found, input: number): boolean =>
  !skips.some((skip) => skip.input === input) && !units.some(({ inputs }) => inputs.includes(input));

/** Opens the likeliest way of each input of the reference, and the unit that it leads through. */
function openWays(
  { reference: { fit: { network } }, summary: { pips }, table }: Found,
  hidden: LayerPosterior, output: LayerPosterior, units: Float64Array,
): void {
  const [d, H, K] = [hidden.inputs, hidden.outputs, output.outputs];
  network.units.forEach((_, h) => open(output, [d + h], K));
  const direct = new Map(network.skips.map(({ input }) => [input, most(output, table.places[input], K)]));
  const through = new Map<number, { unit: number; share: number }>();
  network.units.forEach(({ inputs }, h) => {
    for (const input of inputs) {
      const share = units[h] * hidden.alpha[table.places[input][0] * H + h];
      if (share > (through.get(input)?.share ?? 0)) through.set(input, { unit: h, share });
    }
  });
  for (const input of new Set([...direct.keys(), ...through.keys()])) {
    const way = through.get(input);
    if (!way || (direct.get(input) ?? -1) >= way.share) {
      open(output, table.places[input], K);
      continue;
    }
    for (const c of table.places[input]) hidden.alpha[c * H + way.unit] = 1;
    units[way.unit] = Math.max(units[way.unit], pips[input]);
  }
}

const most = ({ alpha }: LayerPosterior, rows: readonly number[], K: number): number =>
  Math.max(...rows.flatMap((row) => Array.from(alpha.subarray(row * K, (row + 1) * K))));

/** The weights of the largest probability of these rows, certain given their source. */
function open(layer: LayerPosterior, rows: readonly number[], K: number): void {
  const top = most(layer, rows, K);
  if (top === 0) return;
  for (const row of rows) {
    for (let at = row * K; at < (row + 1) * K; at++) if (layer.alpha[at] === top) layer.alpha[at] = 1;
  }
}
