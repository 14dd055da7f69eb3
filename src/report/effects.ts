/** What the inputs of the pruned network do, on training rows: work that is bounded whatever the network is. */
import { ungroupedModel } from '../data/groups.js';
import { encode } from '../data/index.js';
import type { CompressedPredictor } from '../inference/predictive/compressed-draws.js';
import { dependence, GRID, type Effect } from '../inference/predictive/dependence.js';
import { dependences, interactions, type Interactions } from '../inference/predictive/interaction.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';
import { networkSize } from '../inference/prune/size.js';
import { factsAt } from '../likelihood/index.js';
import type { Stream } from '../random.js';
import type { SplitTable } from '../store/run-rows.js';
import type { CompressedModel } from '../types.js';

/** Multiplications that the curve, or the effects, may take: larger networks are run on fewer rows, and for fewer inputs. */
export const WORK = 2e9;
/** Rows that partial dependence is averaged over, and inputs that have one. */
const EFFECT_ROWS = 200;
const MIN_EFFECT_ROWS = 20;
const MAX_EFFECTS = 12;
/** Of the effect sizes and interactions: multiplications, rows, inputs whose size is told, inputs whose pairs are compared. */
const PAIR_WORK = 6e8;
const PAIR_ROWS = 100;
const MAX_SIZED = 40;
const MAX_PAIRED = 10;

/** At most so many rows, drawn at random, in their order. */
export function sampled(all: SplitTable, most: number, stream: Stream): SplitTable {
  const { table, rows, facts } = all;
  if (rows.length <= most) return all;
  const drawn = stream.permutation(rows.length).slice(0, most).sort();
  return { table, rows: drawn.map((at) => rows[at]), ...(facts && { facts: factsAt(facts, drawn) }) };
}

const byPip = (pips: readonly number[]): number[] => [...pips.keys()].sort((a, b) => pips[b] - pips[a] || a - b);

/** Partial dependence of the most probable inputs. @param model with members in the place of groups */
export function effectsOf(model: CompressedModel, predictor: CompressedPredictor, train: SplitTable, stream: Stream): Effect[] {
  const { encoder, inputPips } = model;
  const perRow = DEFAULT_DRAWS * GRID * Math.max(1, networkSize(model).multiplyAdds);
  const most = Math.max(1, Math.min(MAX_EFFECTS, Math.floor(WORK / (MIN_EFFECT_ROWS * perRow))));
  const { table, rows } = sampled(train, Math.min(EFFECT_ROWS, Math.floor(WORK / (most * perRow)) + 1), stream.split('effects'));
  const { x } = encode(table, encoder, rows, { target: 'none' });
  return byPip(inputPips).slice(0, most).map((f) => dependence(encoder, x, (changed) => predictor.outputs(changed), f));
}

/** Effect sizes and interactions, and what they rest on. */
export interface Joint extends Interactions {
  /** Training rows that they are averaged over. */
  rows: number;
  /** Inputs whose pairs were compared, of how many that are kept. */
  compared: number;
  kept: number;
}

/** @param grouped the pruned network, its groups of columns as one input each */
export function jointEffects(grouped: CompressedModel, predictor: CompressedPredictor, train: SplitTable, stream: Stream): Joint {
  const { encoder, inputPips } = grouped;
  const kept = inputPips.length;
  const perRow = DEFAULT_DRAWS * Math.max(1, networkSize(grouped).multiplyAdds);
  const rowsFor = (sized: number, paired: number): number =>
    Math.floor(Math.sqrt(PAIR_WORK / (perRow * Math.max(1, dependences(sized, paired)))));
  let [sized, paired] = [Math.min(kept, MAX_SIZED), Math.min(kept, MAX_PAIRED)];
  while (paired > 2 && rowsFor(sized, paired) < MIN_EFFECT_ROWS) paired--;
  while (sized > Math.max(1, paired) && rowsFor(sized, paired) < MIN_EFFECT_ROWS) sized--;
  const most = Math.max(MIN_EFFECT_ROWS, Math.min(PAIR_ROWS, rowsFor(sized, paired)));
  const { table, rows, facts } = sampled(train, most, stream.split('interactions'));
  const { encoder: cells } = ungroupedModel(grouped);
  const { x } = encode(table, cells, rows, { target: 'none' });
  const order = byPip(inputPips);
  const found = interactions({
    features: encoder.features, target: encoder.target, x, weights: facts?.weights,
    outputs: (changed) => predictor.outputs(changed),
  }, order.slice(0, sized), order.slice(0, paired));
  return { ...found, rows: rows.length, compared: paired, kept };
}
