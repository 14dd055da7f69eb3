/** A fit that begins where a fit to other rows of the same columns has ended. */
import { graphOfShape, type Graph } from '../model/graph.js';
import { block, layoutOf, type BlockName, type Layout, type NetworkShape } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { FitJob } from './fits.js';
import { startFit } from './start.js';
import type { FitSettings, FitState } from './types.js';

/** The inputs of an encoder and its encoded columns, by name. */
export interface InputNames {
  features: readonly string[];
  columns: readonly string[];
}

/** A finished fit. */
export interface EarlierFit {
  shape: NetworkShape;
  names: InputNames;
  state: FitState;
}

/** Steps of a warm fit, as a share of those of another one. */
const SHARE = 0.375;
/** Gate logits beyond this move too slowly: what was closed shall open again where new rows ask for it. */
const SURE = 3;

/** The fit with a course for what has been trained: gates are held at first, and it is shorter. */
export function warmed({ beside: _, ...job }: FitJob): FitJob {
  const { epochs } = job.settings;
  return { ...job, settings: { ...job.settings, course: 'rescue', epochs: Math.max(1, Math.round(SHARE * epochs)), wholeEpochs: epochs } };
}

/** Whether two networks have the same hidden units, outputs and gates, so that one can begin where the other has ended. */
export const hasSameUnits = (a: NetworkShape, b: NetworkShape): boolean =>
  a.task === b.task && a.gates === b.gates && (a.spike ?? 'dirac') === (b.spike ?? 'dirac') && a.activation === b.activation
  && a.widths.slice(1).join() === b.widths.slice(1).join()
  && graphOfShape(a).directRows > 0 === graphOfShape(b).directRows > 0;

/**
 * The state before the first step: parameters of the earlier fit where its columns have the same names, and those of a fit
 * from scratch where they are new. Weights are taken as they stand, in standardised units.
 * @param names of the columns that `settings.shape` is for
 * @param stream draws what is new
 */
export function warmState(settings: FitSettings, names: InputNames, earlier: EarlierFit, stream: Stream): FitState {
  const { shape } = settings;
  const [layout, own] = [layoutOf(shape), layoutOf(earlier.shape)];
  const state = startFit(settings, layout, stream);
  const from = earlier.state.theta;
  copyRows(state.theta, from, rowPairs([shape, names, layout], [earlier.shape, earlier.names, own]));
  const [gates, old] = [block(state.theta, layout, 'zLogit'), block(from, own, 'zLogit')];
  if (gates && old) {
    names.features.forEach((name, input) => {
      const at = earlier.names.features.indexOf(name);
      if (at >= 0) gates[input] = old[at];
    });
    // Behind those of the inputs lie those of hidden units, of which there are as many.
    gates.set(old.subarray(own.tiers[0].gates), layout.tiers[0].gates);
  }
  for (const name of ['zLogit', 'alphaLogit'] as const) {
    block(state.theta, layout, name)?.forEach((logit, at, all) => { all[at] = Math.max(-SURE, Math.min(SURE, logit)); });
  }
  for (const name of ['biasMu', 'biasRho', 'logNoise'] as const) block(state.theta, layout, name)!.set(block(from, own, name)!);
  const { own: kept } = state.prior;
  return { ...state, prior: { ...earlier.state.prior, ...(kept ? { own: kept } : { own: undefined }) } };
}

/** Two runs of numbers of theta, of one length. */
interface Pair {
  to: number;
  from: number;
  length: number;
}

/** Where the rows of matrices that both networks have lie in their vectors. */
function rowPairs(
  [shape, names, layout]: [NetworkShape, InputNames, Layout], [oldShape, oldNames, oldLayout]: [NetworkShape, InputNames, Layout],
): Pair[] {
  const [graph, old] = [graphOfShape(shape), graphOfShape(oldShape)];
  const blocks = (['mu', 'rho', 'alphaLogit'] as BlockName[]).filter((name) => layout.blocks.has(name));
  return layout.layers.flatMap(({ weight, outputs }, l) => {
    const rows = new Map(sourceNames(old, l, oldNames).map((name, row) => [name, row]));
    return sourceNames(graph, l, names).flatMap((name, row) => {
      const at = rows.get(name);
      if (at === undefined) return [];
      return blocks.map((each): Pair => ({
        to: layout.blocks.get(each)!.offset + weight + row * outputs,
        from: oldLayout.blocks.get(each)!.offset + oldLayout.layers[l].weight + at * outputs,
        length: outputs,
      }));
    });
  });
}

/** What layer l reads, row by row: a column by its name, a hidden unit by its place. */
const sourceNames = (graph: Graph, l: number, { columns }: InputNames): string[] =>
  Array.from(graph.sourcesOf(l), (source) => (source < graph.columns ? `column ${columns[source]}` : `unit ${source - graph.columns}`));

function copyRows(to: Float32Array, from: Float32Array, pairs: readonly Pair[]): void {
  for (const pair of pairs) to.set(from.subarray(pair.from, pair.from + pair.length), pair.to);
}
