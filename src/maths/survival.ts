/** Times of which some are only known to be larger. */

/** Kaplan's and Meier's (1958) estimate of the probability that what is counted has not come. */
export class Fallen {
  private readonly times: number[] = [];
  /** Just after each of them. */
  private readonly left: number[] = [];

  /**
   * @param seen 1 where it came at this time, else 0
   * @param weights how much each row counts; absent: 1 each
   * @param others whether rows without it that have the same time are counted as gone before: so are events before censoring
   */
  constructor(times: ArrayLike<number>, seen: ArrayLike<number>, weights?: ArrayLike<number>, others: 'first' | 'last' = 'last') {
    const order = Array.from({ length: times.length }, (_, n) => n).sort((a, b) => times[a] - times[b]);
    const weight = (n: number): number => (weights ? weights[n] : 1);
    let atRisk = order.reduce((sum, n) => sum + weight(n), 0);
    let share = 1;
    for (let from = 0; from < order.length;) {
      const t = times[order[from]];
      let [fell, gone] = [0, 0];
      for (; from < order.length && times[order[from]] === t; from++) {
        gone += weight(order[from]);
        fell += weight(order[from]) * seen[order[from]];
      }
      if (fell > 0) {
        share *= 1 - fell / (others === 'first' ? atRisk - gone + fell : atRisk);
        this.times.push(t);
        this.left.push(share);
      }
      atRisk -= gone;
    }
  }

  /** P(T > t). */
  at(t: number): number {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= t) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 1 : this.left[low - 1];
  }
}

/**
 * Of all pairs of rows of which one had its event before the other's time, the share in which it has the higher risk; equal risks
 * count half. A row that is censored at the time of an event is later than it. Undefined where there is no such pair.
 * @param factors what the pairs of each earlier row are multiplied by; absent: 1
 */
export function concordance(
  { time, event, risk }: Record<'time' | 'event' | 'risk', ArrayLike<number>>, weights?: ArrayLike<number>, factors?: ArrayLike<number>,
): number | undefined {
  const n = time.length;
  const weight = (row: number): number => (weights ? weights[row] : 1);
  const ranks = ranksOf(risk);
  // From the latest time on; of equal times those that are censored are later.
  const order = Array.from({ length: n }, (_, row) => row).sort((a, b) => time[b] - time[a] || event[a] - event[b]);
  const later = new Sums(ranks.count);
  let [right, all] = [0, 0];
  for (let from = 0; from < n;) {
    let to = from;
    while (to < n && time[order[to]] === time[order[from]] && event[order[to]] === event[order[from]]) to++;
    const rows = order.slice(from, to);
    for (const row of event[order[from]] === 1 ? rows : []) {
      const own = weight(row) * (factors ? factors[row] : 1);
      const [below, upTo] = [later.below(ranks.of[row]), later.below(ranks.of[row] + 1)];
      right += own * (below + upTo) / 2;
      all += own * later.total;
    }
    for (const row of rows) later.add(ranks.of[row], weight(row));
    from = to;
  }
  return all > 0 ? right / all : undefined;
}

function ranksOf(values: ArrayLike<number>): { of: Int32Array; count: number } {
  const distinct = [...new Set(Array.from(values))].sort((a, b) => a - b);
  const places = new Map(distinct.map((value, at) => [value, at]));
  return { of: Int32Array.from(values, (value) => places.get(value)!), count: distinct.length };
}

/** Sums of weights by place, and of all places below one (Fenwick 1994). */
class Sums {
  private readonly tree: Float64Array;
  total = 0;

  constructor(private readonly size: number) {
    this.tree = new Float64Array(size + 1);
  }

  add(place: number, weight: number): void {
    this.total += weight;
    for (let at = place + 1; at <= this.size; at += at & -at) this.tree[at] += weight;
  }

  below(place: number): number {
    let sum = 0;
    for (let at = place; at > 0; at -= at & -at) sum += this.tree[at];
    return sum;
  }
}
