// The exact evidence of linear models of a number: given sigma^2 the target is normal, and sigma^2 is one integral, taken by the
// trapezoid rule over its logarithm, which converges exponentially here.
import { logSum } from './sampler.mjs';
import { LOG_SCALES, slabsOf } from './model.mjs';

const [FROM, TO, STEP] = [-7, 3, 0.04];
const [SHAPE, RATE] = [0.5, 0.005];
const BIAS_SD = 1;

/**
 * @param {import('bnnc/parts').SearchTable} table of a number
 * @returns {(skips: number[]) => number[]} the log evidence at each place of the scales' grid
 */
export function linearEvidence({ x, y, rows }) {
  const columns = [new Float64Array(rows).fill(1), ...x];
  const target = Float64Array.from(y.data);
  const dot = (a, b) => a.reduce((sum, value, n) => sum + value * b[n], 0);
  const gram = columns.map((a) => columns.map((b) => dot(a, b)));
  const meets = columns.map((a) => dot(a, target));
  const squares = dot(target, target);
  return (skips) => {
    const places = [0, ...skips.map((input) => input + 1)];
    return slabsOf('skip', true).map((slab) => {
      const sds = places.map((_, at) => (at === 0 ? BIAS_SD : slab));
      const matrix = places.map((a, i) => places.map((b, j) => gram[a][b] * sds[i] * sds[j]));
      const pull = places.map((a, i) => meets[a] * sds[i]);
      const logs = [];
      for (let t = FROM; t <= TO; t += STEP) {
        const variance = Math.exp(t);
        const { log, distance } = solve(matrix, pull, variance);
        // log N(y; 0, sigma^2 I + Phi Phi') by the matrix determinant lemma and Woodbury's identity.
        const fit = -0.5 * (rows * Math.log(2 * Math.PI * variance) + log - places.length * t + (squares - distance) / variance);
        logs.push(fit + SHAPE * Math.log(RATE) - Math.log(Math.PI) / 2 - SHAPE * t - RATE / variance + Math.log(STEP));
      }
      return logSum(logs);
    });
  };
}

/** log det (M + v I) and m' (M + v I)^-1 m. */
function solve(matrix, pull, variance) {
  const size = pull.length;
  const factor = [];
  let [log, distance] = [0, 0];
  const z = [];
  for (let i = 0; i < size; i++) {
    const row = [];
    let left = pull[i];
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j] + (i === j ? variance : 0);
      for (let k = 0; k < j; k++) sum -= row[k] * (factor[j] ?? row)[k];
      row.push(i === j ? Math.sqrt(sum) : sum / factor[j][j]);
    }
    for (let k = 0; k < i; k++) left -= row[k] * z[k];
    factor.push(row);
    z.push(left / row[i]);
    log += 2 * Math.log(row[i]);
    distance += z[i] * z[i];
  }
  return { log, distance };
}

/** Averaged over the grid. */
export const averaged = (logs) => logSum(logs.map((log, place) => log + LOG_SCALES[place]));
