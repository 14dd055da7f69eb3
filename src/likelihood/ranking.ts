/** How well scores put the rows of a class before the others; ties count half, and stand together. */
import { average, standardError } from '../maths/statistics.js';

/** Area under the ROC curve with its standard error. */
export interface Area {
  value: number;
  /** DeLong, DeLong, Clarke-Pearson 1988; 0 where a side has one row, of which nothing is known. */
  error: number;
}

/** Rows by ascending score. */
const ascending = (scores: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: scores.length }, (_, n) => n).sort((a, b) => scores[a] - scores[b] || a - b);

/** Calls `each` with every run of equal scores in `order`, as places from `from` to before `to`. */
function runs(scores: ArrayLike<number>, order: Int32Array, each: (from: number, to: number) => void): void {
  for (let from = 0, to = 1; from < order.length; from = to++) {
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    each(from, to);
  }
}

/**
 * The probability that a row inside has a higher score than one outside, a tie counting half (Mann, Whitney 1947).
 * @param scores n, any numbers but NaN
 * @param inside n, whether the row is of the class
 * @param weight n, how much each row counts; absent: 1 each
 * @returns undefined where all rows are, or none
 */
export function areaUnderRoc(
  scores: ArrayLike<number>, inside: ArrayLike<boolean>, weight?: ArrayLike<number>,
): Area | undefined {
  if (weight) return weightedArea(scores, inside, weight);
  const order = ascending(scores);
  const count = [0, 0];
  for (let n = 0; n < scores.length; n++) count[Number(inside[n])]++;
  const [outer, inner] = count;
  if (outer === 0 || inner === 0) return undefined;
  // Placements: the share of the other side that a row is ordered against rightly. Sums of them and of their squares by side.
  const [sums, squares, seen] = [[0, 0], [0, 0], [0, 0]];
  runs(scores, order, (from, to) => {
    const here = [0, 0];
    for (let at = from; at < to; at++) here[Number(inside[order[at]])]++;
    const placements = [(inner - seen[1] - here[1] / 2) / inner, (seen[0] + here[0] / 2) / outer];
    placements.forEach((placement, side) => {
      sums[side] += here[side] * placement;
      squares[side] += here[side] * placement ** 2;
      seen[side] += here[side];
    });
  });
  const variance = count.map((rows, side) =>
    (rows > 1 ? Math.max(0, squares[side] - sums[side] ** 2 / rows) / (rows - 1) / rows : 0));
  return { value: sums[1] / inner, error: Math.sqrt(variance[0] + variance[1]) };
}

/** The same of weighted rows; errors are those of ratios of sums, by side. */
function weightedArea(scores: ArrayLike<number>, inside: ArrayLike<boolean>, weight: ArrayLike<number>): Area | undefined {
  const order = ascending(scores);
  const total = [0, 0];
  for (let n = 0; n < scores.length; n++) total[Number(inside[n])] += weight[n];
  if (!(total[0] > 0 && total[1] > 0)) return undefined;
  const placements = new Float64Array(scores.length);
  const seen = [0, 0];
  runs(scores, order, (from, to) => {
    const here = [0, 0];
    for (let at = from; at < to; at++) here[Number(inside[order[at]])] += weight[order[at]];
    for (let at = from; at < to; at++) {
      const n = order[at];
      placements[n] = inside[n] ? (seen[0] + here[0] / 2) / total[0] : (total[1] - seen[1] - here[1] / 2) / total[1];
    }
    here.forEach((own, side) => { seen[side] += own; });
  });
  const side = (of: boolean): { mean: number; error: number } => {
    const rows = Array.from(placements.keys()).filter((n) => inside[n] === of);
    const [values, own] = [Float64Array.from(rows, (n) => placements[n]), rows.map((n) => weight[n])];
    return { mean: average(values, own), error: standardError(values, own) };
  };
  const [inner, outer] = [side(true), side(false)];
  return { value: inner.mean, error: Math.hypot(inner.error, outer.error) };
}

/** The rows whose score is at least `score`, by weight: those of the class, and all. */
export interface Cut {
  score: number;
  hits: number;
  seen: number;
}

/** A cut below every distinct score, falling: what ROC and precision-recall curves are made of. */
export function rankingCuts(scores: ArrayLike<number>, inside: ArrayLike<boolean>, weight?: ArrayLike<number>): Cut[] {
  const order = ascending(scores).reverse();
  const cuts: Cut[] = [];
  let [hits, seen] = [0, 0];
  const weightOf = (n: number): number => (weight ? weight[n] : 1);
  runs(scores, order, (from, to) => {
    for (let at = from; at < to; at++) {
      hits += Number(inside[order[at]]) * weightOf(order[at]);
      seen += weightOf(order[at]);
    }
    cuts.push({ score: scores[order[from]], hits, seen });
  });
  return cuts;
}

/**
 * The sum over distinct scores, falling, of precision times the recall that is gained: no interpolation.
 * @returns undefined without a row of the class
 */
export function averagePrecision(
  scores: ArrayLike<number>, inside: ArrayLike<boolean>, weight?: ArrayLike<number>,
): number | undefined {
  const cuts = rankingCuts(scores, inside, weight);
  const total = cuts[cuts.length - 1]?.hits ?? 0;
  if (total === 0) return undefined;
  return cuts.reduce((sum, { hits, seen }, at) =>
    (seen > 0 ? sum + ((hits - (cuts[at - 1]?.hits ?? 0)) / total) * (hits / seen) : sum), 0);
}
