/** How `bnnc prune` chose the threshold, in words. */

import type { CurvePoint, ThresholdChoice } from '../run/prune-curve.js';
import { plural, shortNumber } from './table.js';

/** Fewer validation rows than this say little about the choice. */
const FEW_ROWS = 30;

/** What `--threshold auto` takes, and why. */
export function choiceText({ rows, best, chosen, points }: ThresholdChoice & { points: readonly CurvePoint[] }): string {
  const at = (threshold: number): CurvePoint => points.find((point) => point.threshold === threshold)!;
  const { from, to, excess, validation } = at(chosen);
  const alike = from === to ? '' : ` (${range(from, to)} give the same network)`;
  const what = `negative log-likelihood of the ${plural(rows, 'validation row')}`;
  const few = rows < FEW_ROWS ? '; so few rows say little' : '';
  if (chosen === best) {
    return `threshold auto is ${chosen}${alike}: the least ${what}, ${shortNumber(validation!.nll)}, ` +
      `and nothing sparser is within one standard error of it${few}`;
  }
  return `threshold auto is ${chosen}${alike}: the strictest that is within one standard error of the least ${what}, ` +
    `${shortNumber(excess!.mean)} ± ${shortNumber(excess!.standardError)} above the ${shortNumber(at(best).validation!.nll)} at ${best}${few}`;
}

/** `0.1 to 0.5`. */
export const range = (from: number, to: number): string => (from === to ? String(from) : `${from} to ${to}`);
