/**
 * The one structure that stands for all: of those that use the inputs of a PIP of at least one half, and no others, the most
 * probable one (docs/method.md, Structure search).
 */
import type { Stream } from '../random.js';
import { Evaluator } from './evaluator.js';
import { fitNetwork, type Fit } from './fit.js';
import { activeInputs, weightsOf, withEdge, withSkip, withUnit, type Network } from './network.js';
import { partsOf } from './parts.js';
import { logPrior, type StructurePrior } from './prior.js';
import type { SearchTable } from './problem.js';
import { logUsedScales, slabsAt, type Scales } from './scales.js';
import { spreadOf } from './spread.js';
import { withLinear } from './starts.js';
import type { SearchSummary } from './summary.js';

export interface Reference {
  /** At its mode. */
  fit: Fit;
  scales: Scales;
  /** log p(structure) + evidence, in nats. */
  log: number;
  /** D: probability of each skip, edge and weight to an output given that all else stays; 1 of biases. */
  weights: Float64Array;
  /** H: likewise of each unit. */
  units: Float64Array;
  /** The same structure with skips of inputs that are less probable than not, by descending PIP; at its mode. */
  wider: Fit;
  /** D of each of the two: standard deviations of their weights. */
  spread: Float64Array;
  widerSpread: Float64Array;
}

/** PIP from which an input that the reference is without has skips in {@link Reference.wider}. */
const NOTABLE = 0.02;
const MOST_WEIGHTS = 150;
const MOST_REMOVALS = 40;
/** Nats by which a structure without a part has to be more probable for the part to go. */
const BETTER = 0.05;
/** PIP of what the median probability model keeps. */
const MEDIAN = 0.5;

/** Yields after every fit. */
export function* referenceOf(
  table: SearchTable, summary: SearchSummary, prior: StructurePrior, stream: Stream,
): Generator<void, Reference> {
  const { pips } = summary;
  const selected = Array.from(pips.keys()).filter((input) => pips[input] >= MEDIAN || prior.forced.includes(input));
  const { network, scales } = startOf(table, summary, selected);
  const [evaluator, slabs] = [new Evaluator(table), slabsAt(table.likelihood, scales)];
  const logOf = ({ network: fitted, evidence }: Fit): number =>
    evidence + logPrior(fitted, prior) + logUsedScales(fitted, scales);
  let fit = fitNetwork(evaluator, network, slabs);
  yield;
  for (let removal = 0; ; removal++) {
    const log = logOf(fit);
    const weights = new Float64Array(fit.layout.size).fill(1);
    const units = new Float64Array(fit.network.units.length).fill(1);
    let better: { fit: Fit; log: number } | undefined;
    for (const { places, unit, without } of partsOf(fit.network, fit.layout, table)) {
      const other = fitNetwork(evaluator, without, slabs, -Infinity, { network: fit.network, fit });
      const least = logOf(other);
      const share = 1 / (1 + Math.exp(least - log));
      if (unit === undefined) for (const p of places) weights[p] = share;
      else units[unit] = share;
      const whole = selected.length === activeInputs(without).length;
      if (whole && least > (better?.log ?? log + BETTER)) better = { fit: other, log: least };
      yield;
    }
    if (!better || removal === MOST_REMOVALS) {
      const wider = fitNetwork(evaluator, widened(table, fit.network, pips), slabs);
      const [spread, widerSpread] = [fit, wider].map((each, at) => spreadOf(evaluator, each, stream.split('spread', at)));
      return { fit, scales, log, weights, units, wider, spread, widerSpread };
    }
    fit = better.fit;
  }
}

/** The most probable visited structure of these inputs; where none was visited the most probable of all, changed to have them. */
function startOf(
  table: SearchTable, { structures, best }: SearchSummary, selected: readonly number[],
): { network: Network; scales: Scales } {
  const wanted = selected.join();
  let found = undefined as SearchSummary['best'] | undefined;
  for (const { visited } of structures) {
    if ((!found || visited.log > found.log) && activeInputs(visited.network).join() === wanted) found = visited;
  }
  if (found) return found;
  const kept = new Set(selected);
  const { network, scales } = best;
  const narrowed = activeInputs(network).filter((input) => !kept.has(input)).reduce(withoutInput, network);
  const active = new Set(activeInputs(narrowed));
  return { network: withLinear(table, narrowed, selected.filter((input) => !active.has(input))), scales };
}

/** The network without an input; a unit that no other feeds goes with it. */
export function withoutInput(network: Network, input: number): Network {
  let left = network.skips.some((skip) => skip.input === input)
    ? withSkip(network, { input, mask: 0, weight: new Float64Array() }) : network;
  for (let h = left.units.length - 1; h >= 0; h--) {
    const unit = left.units[h];
    if (!unit.inputs.includes(input)) continue;
    left = withUnit(left, h, unit.inputs.length > 1 ? withEdge(unit, input, undefined) : undefined);
  }
  return left;
}

function widened(table: SearchTable, network: Network, pips: Float64Array): Network {
  const active = new Set(activeInputs(network));
  const notable = Array.from(pips.keys()).filter((input) => !active.has(input) && pips[input] >= NOTABLE);
  let wide = network;
  for (const input of notable.sort((a, b) => pips[b] - pips[a])) {
    const wider = withLinear(table, wide, [input]);
    if (weightsOf(wider, table) > MOST_WEIGHTS) break;
    wide = wider;
  }
  return wide;
}
