/** Class probabilities of a stated difficulty: how strong the logits must be, and which intercepts keep the classes' shares. */

export interface Logits {
  /** Class k has the logit intercepts[k] + scale * f_k. */
  scale: number;
  intercepts: Float64Array;
}

/** Rows beyond this add nothing to the two averages that are matched. */
const ROWS = 2000;
/** The logarithm of the scale lies between `low` and `high`; its last digit does not matter. */
const SEARCH = { low: -6, high: 8, halvings: 20, intercepts: 40, tolerance: 1e-3 };

/** Softmax over classes of row n, into `out`. */
export function probabilitiesAt(
  functions: readonly Float64Array[], { scale, intercepts }: Logits, n: number, out: Float64Array,
): void {
  let top = -Infinity;
  for (let k = 0; k < out.length; k++) {
    out[k] = intercepts[k] + scale * functions[k][n];
    top = Math.max(top, out[k]);
  }
  let sum = 0;
  for (let k = 0; k < out.length; k++) sum += out[k] = Math.exp(out[k] - top);
  for (let k = 0; k < out.length; k++) out[k] /= sum;
}

/**
 * Finds scale and intercepts by bisection.
 * @param functions K arrays of n values
 * @param shares K positive shares of the classes, which sum to 1
 * @param accuracy mean over rows of the largest probability (the accuracy of the Bayes rule) to be reached; it lies between
 *   the largest share, which knowing nothing gives, and 1
 */
export function matchLogits(functions: readonly Float64Array[], shares: readonly number[], accuracy: number): Logits {
  const stride = Math.max(1, Math.ceil(functions[0].length / ROWS));
  const thinned = functions.map((values) => values.filter((_, n) => n % stride === 0));
  const logits: Logits = { scale: 0, intercepts: Float64Array.from(shares, Math.log) };
  let [low, high] = [SEARCH.low, SEARCH.high];
  for (let i = 0; i < SEARCH.halvings; i++) {
    const middle = (low + high) / 2;
    logits.scale = Math.exp(middle);
    if (matchShares(thinned, shares, logits) < accuracy) low = middle;
    else high = middle;
  }
  return logits;
}

/** Moves the intercepts until each class has its share; returns the accuracy of the Bayes rule. */
function matchShares(functions: readonly Float64Array[], shares: readonly number[], logits: Logits): number {
  const rows = functions[0].length;
  const [row, means] = [new Float64Array(shares.length), new Float64Array(shares.length)];
  let accuracy = 0;
  for (let i = 0; i < SEARCH.intercepts; i++) {
    means.fill(0);
    accuracy = 0;
    for (let n = 0; n < rows; n++) {
      probabilitiesAt(functions, logits, n, row);
      let top = 0;
      for (let k = 0; k < row.length; k++) {
        means[k] += row[k] / rows;
        if (row[k] > top) top = row[k];
      }
      accuracy += top / rows;
    }
    const off = shares.map((share, k) => Math.log(share / Math.max(means[k], 1e-12)));
    if (Math.max(...off.map(Math.abs)) < SEARCH.tolerance) break;
    off.forEach((step, k) => { logits.intercepts[k] += step; });
  }
  return accuracy;
}
