/** Continuous ranked probability scores of even mixtures: of normals in closed form, of others from mean distances. */
import { normalDensity } from '../maths/normal.js';
import type { OutputDraws } from './types.js';

/** Cells per unit, and where the function is its asymptote to the last bit. */
const CELLS = 16;
const END = 9;

/** Nodes and weights of Gauss-Legendre on [-1, 1]. */
const GAUSS = [[0, 128 / 225], ...[[1 / 3, 2, 322, 13], [1 / 3, -2, 322, -13]].flatMap(([third, sign, whole, root]) => {
  const node = third * Math.sqrt(5 - sign * Math.sqrt(10 / 7));
  const weight = (whole + root * Math.sqrt(70)) / 900;
  return [[node, weight], [-node, weight]];
})];

/** P(|Z| <= t) at t = 0, 1 / CELLS, 2 / CELLS, ... END. */
function centralProbabilities(): Float64Array {
  const central = new Float64Array(END * CELLS + 1);
  const half = 1 / (2 * CELLS);
  for (let at = 1; at < central.length; at++) {
    const middle = (2 * at - 1) * half;
    const cell = GAUSS.reduce((sum, [node, weight]) => sum + weight * normalDensity(middle + half * node), 0);
    central[at] = central[at - 1] + 2 * half * cell;
  }
  return central;
}

let table: Record<'values' | 'slopes' | 'curvatures', Float64Array> | undefined;

/** Exact values, first and second derivatives at the nodes, in steps of a cell. */
function tableOf(): NonNullable<typeof table> {
  if (table) return table;
  const slopes = centralProbabilities();
  const curvatures = slopes.map((_, at) => 2 * normalDensity(at / CELLS));
  const step = 1 / CELLS;
  table = {
    values: slopes.map((slope, at) => at * step * slope + curvatures[at]),
    slopes: slopes.map((slope) => step * slope), curvatures: curvatures.map((curvature) => step * step * curvature),
  };
  return table;
}

/**
 * E|Z - t| of a standard normal Z, t (2 Phi(t) - 1) + 2 phi(t): quintic Hermite interpolation between exact values, first and
 * second derivatives; the error is below 1e-11.
 */
export function meanDistance(t: number): number {
  const size = Math.abs(t);
  if (!(size < END)) return size;
  const { values, slopes, curvatures } = tableOf();
  const at = Math.floor(size * CELLS);
  const u = size * CELLS - at;
  const [a, da, ca] = [values[at], slopes[at], curvatures[at]];
  const x = values[at + 1] - a - da - ca / 2;
  const y = slopes[at + 1] - da - ca;
  const z = curvatures[at + 1] - ca;
  return a + u * (da + u * (ca / 2 + u * ((10 * x - 4 * y + z / 2) + u * ((-15 * x + 7 * y - z) + u * (6 * x - 3 * y + z / 2)))));
}

/** Its slope, P(|Z| <= |t|) with the sign of t: cubic Hermite interpolation; the error is below 1e-7. */
export function centralProbability(t: number): number {
  const size = Math.abs(t);
  if (!(size < END)) return Math.sign(t);
  const { slopes, curvatures } = tableOf();
  const at = Math.floor(size * CELLS);
  const u = size * CELLS - at;
  const [a, da] = [slopes[at], curvatures[at]];
  const [rise, db] = [slopes[at + 1] - a, curvatures[at + 1]];
  return Math.sign(t) * CELLS * (a + u * (da + u * ((3 * rise - 2 * da - db) + u * (da + db - 2 * rise))));
}

/**
 * E|Y - y| - E|Y - Y'| / 2 for two independent draws Y, Y' of the predictive distribution of each row (Gneiting, Raftery 2007,
 * (21)); of mixtures of normals in closed form (Grimit et al. 2006).
 * @param y encoded targets [n]
 * @returns n, on the encoded scale
 */
export function gaussianCrps({ draws, rows, values, noiseVariance }: OutputDraws, y: ArrayLike<number>): Float64Array {
  const sd = Math.sqrt(noiseVariance);
  const both = sd * Math.SQRT2;
  const centres = new Float64Array(draws);
  return Float64Array.from({ length: rows }, (_, n) => {
    let [toTarget, apart] = [0, 0];
    for (let s = 0; s < draws; s++) {
      centres[s] = values[s * rows + n];
      toTarget += meanDistance((y[n] - centres[s]) / sd);
      for (let r = 0; r < s; r++) apart += meanDistance((centres[s] - centres[r]) / both);
    }
    const withItself = draws * meanDistance(0);
    return (sd * toTarget) / draws - (both * (2 * apart + withItself)) / (2 * draws * draws);
  });
}

/** Of a row: E|Y_s - y| of the component of draw s, and E|Y_s - Y_r'| of two. */
interface RowDistances {
  toTarget(s: number): number;
  apart(s: number, r: number): number;
}

/** The same of any even mixture. @returns n */
export function mixtureCrps({ draws, rows }: OutputDraws, of: (n: number) => RowDistances): Float64Array {
  return Float64Array.from({ length: rows }, (_, n) => {
    const { toTarget, apart } = of(n);
    let [near, between] = [0, 0];
    for (let s = 0; s < draws; s++) {
      near += toTarget(s);
      between += apart(s, s) / 2;
      for (let r = 0; r < s; r++) between += apart(s, r);
    }
    return near / draws - between / (draws * draws);
  });
}
