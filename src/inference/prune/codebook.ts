/** A codebook: few values that stand for many numbers, each of which says how far off its own value may be. */

export interface Codebook {
  /** Rising, float32. */
  values: Float32Array;
  /** For each number the index of its value. */
  codes: Uint32Array;
}

/**
 * The fewest values such that every number lies within its tolerance of one: points that meet every interval
 * [number - tolerance, number + tolerance], by taking the intervals in the order of their upper ends (the optimal stabbing of
 * intervals). A value then moves to the mean of its numbers, weighed by tolerance^-2, as far as all of them allow.
 *
 * @param numbers finite float32.
 * @param tolerances at least 0, of the same length.
 */
export function codebookOf(numbers: Float32Array, tolerances: ArrayLike<number>): Codebook {
  const low = (at: number): number => numbers[at] - tolerances[at];
  const high = (at: number): number => numbers[at] + tolerances[at];
  const order = [...numbers.keys()].sort((a, b) => high(a) - high(b) || numbers[a] - numbers[b]);
  const groups: number[][] = [];
  let point = -Infinity;
  for (const at of order) {
    if (low(at) > point) {
      point = high(at);
      groups.push([]);
    }
    groups[groups.length - 1].push(at);
  }
  const values = groups.map((group) => centre(group, numbers, tolerances));
  const rising = [...new Set(values)].sort((a, b) => a - b);
  const codeOf = new Map(rising.map((value, code) => [value, code]));
  const codes = new Uint32Array(numbers.length);
  groups.forEach((group, g) => {
    for (const at of group) codes[at] = codeOf.get(values[g])!;
  });
  return { values: Float32Array.from(rising), codes };
}

/** A float32 inside all intervals of a group, to its own rounding. */
function centre(group: number[], numbers: Float32Array, tolerances: ArrayLike<number>): number {
  const surest = group.reduce((least, at) => (tolerances[at] < tolerances[least] ? at : least));
  if (tolerances[surest] === 0) return numbers[surest];
  // The ratio, for tolerance^-2 itself may be infinite.
  const weight = (at: number): number => (tolerances[surest] / tolerances[at]) ** 2;
  const total = group.reduce((sum, at) => sum + weight(at), 0);
  const mean = group.reduce((sum, at) => sum + weight(at) * numbers[at], 0) / total;
  const from = group.reduce((most, at) => Math.max(most, numbers[at] - tolerances[at]), -Infinity);
  const to = group.reduce((least, at) => Math.min(least, numbers[at] + tolerances[at]), Infinity);
  return Math.fround(Math.min(Math.max(mean, from), to));
}
