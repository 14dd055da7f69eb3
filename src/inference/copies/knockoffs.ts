/**
 * Second-order Gaussian model-X knockoffs: Candès, Fan, Janson, Lv (2018), "Panning for gold", JRSS B 80, section 3.4.
 *
 * With R the correlation matrix of standardised columns x and S = diag(s), 0 < S < 2 R, a copy drawn from
 *
 *     x~ | x  ~  Normal( x - x R^-1 S,  2 S - S R^-1 S )
 *
 * makes the second moments of [x, x~] those of a vector in which any column and its copy may change places:
 * Cov(x~) = R, Cov(x, x~) = R - S.
 */
import type { Stream } from '../../random.js';
import type { Matrix } from '../../types.js';
import { cholesky, inverseOf } from '../../maths/cholesky.js';
import { dot, unitColumns } from '../../maths/vector.js';

export interface Knockoffs {
  /** n x p, in the units of x. */
  x: Matrix;
  /** p: a column and its copy correlate by 1 - s. */
  s: Float64Array;
  /** Weight of the identity in R. */
  shrinkage: number;
}

/** Keeps R invertible where columns repeat one another. */
const MIN_SHRINKAGE = 1e-5;

/** Knockoffs of the columns of x [n, p], none of which is constant. Time is proportional to n p^2 + p^3. */
export function gaussianKnockoffs(x: Matrix, stream: Stream): Knockoffs {
  const { rows, cols: p, data } = x;
  const { matrix, shrinkage } = shrunkCorrelation(unitColumns(x));
  const s = maximumEntropy(matrix, p);
  const { pull, noise } = conditional(matrix, s);
  const scales = columnScales(x);
  const normals = stream.normals(rows * p);
  const copy = new Float32Array(rows * p);
  const z = new Float64Array(p);
  for (let n = 0; n < rows; n++) {
    const at = n * p;
    for (let j = 0; j < p; j++) z[j] = (data[at + j] - scales[j].mean) / scales[j].sd;
    for (let j = 0; j < p; j++) {
      let value = z[j];
      for (let i = 0; i < p; i++) value -= z[i] * pull[i * p + j];
      for (let i = 0; i <= j; i++) value += noise[j * p + i] * normals[at + i];
      copy[at + j] = scales[j].mean + scales[j].sd * value;
    }
  }
  return { x: { rows, cols: p, data: copy }, s, shrinkage };
}

/**
 * (1 - shrinkage) R + shrinkage I, with the shrinkage that minimises the expected squared error, sum of Var(r) / sum of r^2:
 * Schäfer and Strimmer (2005), "A shrinkage approach to large-scale covariance matrix estimation", target D. It goes to 0 as rows
 * become many. Var(r) is that of the delta method, from u v - r (u^2 + v^2) / 2: 0 for columns that repeat one another.
 * @param columns centred, of length 1
 */
export function shrunkCorrelation(columns: readonly Float64Array[]): { matrix: Float64Array; shrinkage: number } {
  const p = columns.length;
  const n = columns[0].length;
  const matrix = new Float64Array(p * p);
  let [variances, squares] = [0, 0];
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < i; j++) {
      const r = dot(columns[i], columns[j]);
      const other = columns[j];
      const influence = columns[i].reduce((sum, u, k) => sum + (u * other[k] - (r * (u * u + other[k] * other[k])) / 2) ** 2, 0);
      variances += (n * influence) / (n - 1);
      squares += r * r;
      matrix[i * p + j] = r;
    }
  }
  const shrinkage = Math.min(1, Math.max(MIN_SHRINKAGE, squares > 0 ? variances / squares : 1));
  for (let i = 0; i < p; i++) {
    matrix[i * p + i] = 1;
    for (let j = 0; j < i; j++) matrix[j * p + i] = matrix[i * p + j] *= 1 - shrinkage;
  }
  return { matrix, shrinkage };
}

const SWEEPS = 20;

/**
 * The s that maximises log det S + log det(2 R - S), the entropy of [x, x~]: Gimenez and Zou (2019), "Improving the stability
 * of the knockoff procedure", by coordinate ascent. With A = (2 R - S)^-1 the best s_j given the others is (s_j + 1 / A_jj) / 2.
 * Begins at equal s (the equicorrelated construction), which two nearly equal columns would hold near 0 for all.
 * @param matrix p x p positive definite with a diagonal of 1; the identity gives s = 1
 */
export function maximumEntropy(matrix: Float64Array, p: number): Float64Array {
  const inner = (equal: number): Float64Array => matrix.map((r, at) => 2 * r - (at % (p + 1) === 0 ? equal : 0));
  let equal = 1;
  let factor = cholesky(inner(equal), p);
  while (!factor) factor = cholesky(inner(equal /= 2), p);
  const s = new Float64Array(p).fill(equal);
  const a = inverseOf(factor, p);
  const row = new Float64Array(p);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (let j = 0; j < p; j++) {
      row.set(a.subarray(j * p, (j + 1) * p));
      const step = (1 / row[j] - s[j]) / 2;
      s[j] += step;
      moved = Math.max(moved, Math.abs(step) / s[j]);
      const gain = step / (1 - step * row[j]);
      for (let i = 0; i < p; i++) {
        const weight = gain * row[i];
        for (let k = 0; k < p; k++) a[i * p + k] += weight * row[k];
      }
    }
    if (moved < 1e-4) break;
  }
  return s;
}

/** R^-1 S, and the lower factor of 2 S - S R^-1 S. */
function conditional(matrix: Float64Array, s: Float64Array): { pull: Float64Array; noise: Float64Array } {
  const p = s.length;
  const inverse = inverseOf(cholesky(matrix, p)!, p);
  const pull = inverse.map((value, at) => value * s[at % p]);
  const covariance = pull.map((value, at) => (at % (p + 1) === 0 ? 2 * s[at % p] : 0) - s[Math.floor(at / p)] * value);
  return { pull, noise: cholesky(covariance, p)! };
}

function columnScales({ rows, cols, data }: Matrix): { mean: number; sd: number }[] {
  return Array.from({ length: cols }, (_, c) => {
    let [mean, square] = [0, 0];
    for (let n = 0; n < rows; n++) mean += data[n * cols + c] / rows;
    for (let n = 0; n < rows; n++) square += (data[n * cols + c] - mean) ** 2 / rows;
    return { mean, sd: Math.sqrt(square) };
  });
}
