/** One-way analysis of variance. */

export interface IntraclassCorrelation {
  /** Share of the variance that lies between groups; below 0 where groups are more alike than chance has it. */
  value: number;
  /** Standard normal score of the F ratio of the mean squares if there were no groups (Paulson 1942). */
  score: number;
}

/**
 * The correlation of two members of a group (Donner 1986), from columns that are taken together.
 * @param columns each n numbers
 * @param groups n: the group of each, numbered from 0
 * @returns undefined where no group has two members, or all members are in one
 */
export function intraclassCorrelation(
  columns: readonly ArrayLike<number>[], groups: Int32Array,
): IntraclassCorrelation | undefined {
  const n = groups.length;
  const counts: number[] = [];
  for (const g of groups) counts[g] = (counts[g] ?? 0) + 1;
  const G = counts.length;
  if (G < 2 || n === G) return undefined;
  let [between, within] = [0, 0];
  for (const column of columns) {
    const sums = new Float64Array(G);
    let total = 0;
    for (let i = 0; i < n; i++) {
      sums[groups[i]] += column[i];
      total += column[i];
    }
    for (let g = 0; g < G; g++) between += sums[g] ** 2 / counts[g];
    between -= total ** 2 / n;
    for (let i = 0; i < n; i++) within += (column[i] - sums[groups[i]] / counts[groups[i]]) ** 2;
  }
  const [a, b] = [columns.length * (G - 1), columns.length * (n - G)];
  const [one, other] = [between / a, within / b];
  if (!(one + other > 0)) return undefined;
  const size = (n - counts.reduce((sum, count) => sum + count ** 2, 0) / n) / (G - 1);
  return { value: (one - other) / (one + (size - 1) * other), score: other > 0 ? scoreOf(one / other, a, b) : Infinity };
}

function scoreOf(ratio: number, a: number, b: number): number {
  const root = Math.cbrt(ratio);
  return ((1 - 2 / (9 * b)) * root - (1 - 2 / (9 * a))) / Math.sqrt(2 * root ** 2 / (9 * b) + 2 / (9 * a));
}
