/** What `bnnc prune` says in words: how it chose the threshold, and what it rounded. */

import type { CurvePoint, PruneDocument, ThresholdChoice } from '../../../api/prune.js';
import { carriedBy } from '../../../text/background.js';
import { ensembleWords } from '../../../text/ensemble.js';
import { wrapped } from '../../../text/sets.js';
import { plural, shortNumber } from '../../table.js';

/** Under a table of sizes whose network is not the one that was cut. */
export const LINEAR_CHOSEN = 'before: the network asked for. Of the fits a linear one was chosen and cut.\n';

const WIDTH = 80;

/** Fewer validation rows than this say little about the choice. */
const FEW_ROWS = 30;

/** What `--threshold auto` takes, and why. */
export function choiceText({ rows, best, chosen, points }: ThresholdChoice & { points: readonly CurvePoint[] }): string {
  const at = (threshold: number): CurvePoint => points.find((point) => point.threshold === threshold)!;
  const { from, to, excess, validation } = at(chosen);
  const alike = from === to ? '' : ` (${range(from, to)} give the same network)`;
  const what = `negative log-likelihood of the ${plural(rows, 'validation row')}`;
  const few = rows < FEW_ROWS ? '; with so few rows this is unreliable' : '';
  if (chosen === best) {
    return `threshold auto is ${chosen}${alike}: it has the least ${what}, ${shortNumber(validation!.nll)}, ` +
      `and no sparser network is within one standard error${few}`;
  }
  return `threshold auto is ${chosen}${alike}: the strictest within one standard error of the least ${what}, ` +
    `${shortNumber(excess!.mean)} ± ${shortNumber(excess!.standardError)} above the ${shortNumber(at(best).validation!.nll)} at ${best}${few}`;
}

/** `0.1 to 0.5`. */
export const range = (from: number, to: number): string => (from === to ? String(from) : `${from} to ${to}`);

/** What `--quantize` did. */
export function bitsText({ tolerance, layers }: NonNullable<PruneDocument['quantization']>): string {
  const weights = layers.reduce((sum, layer) => sum + layer.weights, 0);
  const bits = layers.map((layer) => layer.bits).join(', ');
  return `quantized ${plural(weights, 'weight')} to ${layers.map(({ values }) => values).join(', ')} distinct values by layer (${bits} bits), ` +
    `each within ${tolerance} of its posterior standard deviation`;
}

/** What `--ensemble` exports, which may be fewer structures than asked for. */
export function ensembleText(ensemble: NonNullable<PruneDocument['ensemble']>, asked?: number): string[] {
  const { structures, share, linear } = ensemble;
  const members = structures + (linear === undefined ? 0 : 1);
  const whose = `whose share is ${shortNumber(share)} of the average over structures`;
  const fewer = members < (asked ?? members) ? '; no others use these inputs alone' : '';
  const lines = [`exported: ${ensembleWords(ensemble)}, ${whose}${fewer}`];
  if (linear !== undefined && structures > 0) lines.push(`the linear model has a share of ${shortNumber(linear)}`);
  if (linear !== undefined) lines.push('it reads every input; without it, by --linear false, the inputs kept are read alone');
  return lines.flatMap((line) => wrapped(line, WIDTH));
}

/** What `--background` costs, and what it leaves to the inputs that are named. */
export function backgroundText({ background, candidates, inputs }: PruneDocument): string[] {
  const { parameters: { before, after }, named } = background!;
  const cost = `with the background the model reads ${candidates === 1 ? 'the one input' : `all ${candidates} inputs`} ` +
    `and has ${plural(after, 'non-zero parameter')} instead of ${shortNumber(before)}`;
  return [cost, ...carriedBy(named, inputs.length)].flatMap((line) => wrapped(line, WIDTH));
}
