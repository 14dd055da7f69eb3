/** From which probability on the second of two classes is best predicted. */

/** Sums of weights that differ by less than rounding are equal. */
const EQUAL = 1e-12;

/** Thresholds above `from`, up to `to`, predict all rows alike. */
interface Cut {
  from: number;
  to: number;
  balancedAccuracy: number;
}

/**
 * The threshold of the highest balanced accuracy. Of thresholds that are equally good it is one next to 0.5, and of those that
 * predict all rows alike one of few digits near their middle.
 * @param probabilities n float32 numbers: those of the second class
 * @param labels n: 0 or 1
 * @param weights n: how much each row counts; absent: 1 each
 * @returns undefined where rows of a class are missing
 */
export function balancedThreshold(
  probabilities: ArrayLike<number>, labels: ArrayLike<number>, weights?: ArrayLike<number>,
): number | undefined {
  const cuts = cutsOf(probabilities, labels, weights);
  if (!cuts) return undefined;
  const most = cuts.reduce((max, { balancedAccuracy }) => Math.max(max, balancedAccuracy), 0);
  const best = cuts.filter(({ balancedAccuracy }) => balancedAccuracy >= most - EQUAL);
  return insideOf(best.reduce((near, cut) => (distance(cut) < distance(near) ? cut : near)));
}

function cutsOf(
  probabilities: ArrayLike<number>, labels: ArrayLike<number>, weights: ArrayLike<number> | undefined,
): Cut[] | undefined {
  const order = Uint32Array.from({ length: labels.length }, (_, n) => n).sort((a, b) => probabilities[a] - probabilities[b]);
  const weightOf = (n: number): number => (weights ? weights[n] : 1);
  const total = [0, 0];
  for (let n = 0; n < labels.length; n++) total[labels[n]] += weightOf(n);
  if (!(total[0] > 0 && total[1] > 0)) return undefined;
  const cuts: Cut[] = [];
  // What lies below the threshold.
  const below = [0, 0];
  let from = -1;
  const add = (to: number): void => {
    cuts.push({ from, to, balancedAccuracy: (below[0] / total[0] + 1 - below[1] / total[1]) / 2 });
    from = to;
  };
  order.forEach((n, at) => {
    if (at === 0 || probabilities[n] > from) add(probabilities[n]);
    below[labels[n]] += weightOf(n);
  });
  if (from < 1) add(1);
  return cuts;
}

/** Of the nearest threshold from 0.5. */
const distance = ({ from, to }: Cut): number => Math.max(0, 0.5 - to, from - 0.5);

/** A threshold of the cut with few digits, and 0.5 itself if it is one. */
function insideOf({ from, to }: Cut): number {
  const fits = (value: number): boolean => value >= 0 && Math.fround(value) > from && Math.fround(value) <= to;
  if (fits(0.5)) return 0.5;
  const middle = (Math.max(0, from) + to) / 2;
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(middle.toPrecision(digits));
    if (fits(short)) return short;
  }
  return to;
}
