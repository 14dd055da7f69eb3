/** Whether whole numbers are counts of events rather than numbers of classes. */
import type { TargetCells } from './types.js';

/** Fewer different numbers may well be classes, such as stages of a disease. */
const FEWEST_NUMBERS = 7;
/** Larger ones are measured about as well by their logarithm, or as they are. */
const LARGEST_MEAN = 50;
/** Share of the rows in the upper half of the range, of which a long tail has little. */
const TAIL = 0.1;

/** Small whole numbers from 0 on, most of them in the lower half of their range. */
export function looksLikeCounts({ numeric, declared, levels, levelsAreNumbers, numbers }: TargetCells): boolean {
  if (!numeric || declared || !levelsAreNumbers || levels.length < FEWEST_NUMBERS) return false;
  const values = numbers();
  let [sum, most, none] = [0, 0, 0];
  for (const value of values) {
    if (!(value >= 0) || !Number.isInteger(value)) return false;
    sum += value;
    most = Math.max(most, value);
    if (value === 0) none++;
  }
  const upper = values.reduce((count, value) => count + Number(value > most / 2), 0);
  return none > 0 && sum / values.length <= LARGEST_MEAN && upper <= TAIL * values.length;
}
