/** Mean distances of Student's t variables, of which scores of a mixture of them are made. */
import { logGamma } from '../maths/gamma.js';
import { incompleteBeta } from '../maths/incomplete.js';
import { mixtureCrps } from './crps.js';
import type { OutputDraws } from './types.js';

/** log of what the density has beside its power. */
export const studentConstant = (nu: number): number => logGamma((nu + 1) / 2) - logGamma(nu / 2) - Math.log(nu * Math.PI) / 2;

/** P(T <= t). */
export function studentCdf(t: number, nu: number): number {
  const tail = incompleteBeta(nu / (nu + t * t), nu / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Nodes lie at sinh(v), v = 0, STEP, ..., END: even ones in the middle, ever wider ones where the function is nearly |t|. */
const STEP = 1 / 32;
const END = 16;

/** An even function that is |t| in the end, by cubic Hermite interpolation; the error is below 1e-7 of max(1, |t|). */
class Distance {
  private readonly values = new Float64Array(END / STEP + 2);
  private readonly slopes = new Float64Array(END / STEP + 2);

  constructor(at: (t: number) => { value: number; slope: number }) {
    for (let k = 0; k < this.values.length; k++) {
      const { value, slope } = at(Math.sinh(k * STEP));
      this.values[k] = value;
      this.slopes[k] = slope * Math.cosh(k * STEP) * STEP;
    }
  }

  of(t: number): number {
    const v = Math.asinh(Math.abs(t));
    if (!(v < END)) return Math.abs(t);
    const { a, da, x, y, u } = this.piece(v);
    return a + u * (da + u * (x + u * y));
  }

  slopeOf(t: number): number {
    const v = Math.asinh(Math.abs(t));
    if (!(v < END)) return Math.sign(t);
    const { da, x, y, u } = this.piece(v);
    return Math.sign(t) * (da + u * (2 * x + 3 * u * y)) / (STEP * Math.cosh(v));
  }

  /** a + u (da + u (x + u y)) from the node before v, in steps u. */
  private piece(v: number): Record<'a' | 'da' | 'x' | 'y' | 'u', number> {
    const { values, slopes } = this;
    const k = Math.floor(v / STEP);
    const [a, da, db] = [values[k], slopes[k], slopes[k + 1]];
    const rise = values[k + 1] - a;
    return { a, da, x: 3 * rise - 2 * da - db, y: da + db - 2 * rise, u: v / STEP - k };
  }
}

/** Where the density is integrated: u = sinh(s), |s| <= RANGE, by the trapezoidal rule. */
const RANGE = 20;
const SPACING = 1 / 16;

interface Distances {
  /** E|T - t|. */
  toPoint: Distance;
  /** E|T - T' - t|. */
  toOther: Distance;
}

const known = new Map<number, Distances>();

/** Of Student's t, nu > 1: E|T - t| in closed form (Jordan, Krüger, Lerch 2019), the other as an integral. */
function distancesOf(nu: number): Distances {
  const before = known.get(nu);
  if (before) return before;
  const constant = studentConstant(nu);
  const density = (t: number): number => Math.exp(constant - (nu + 1) / 2 * Math.log1p(t * t / nu));
  const toPoint = new Distance((t) => {
    const slope = 2 * studentCdf(t, nu) - 1;
    return { value: t * slope + 2 * density(t) * (nu + t * t) / (nu - 1), slope };
  });
  const nodes = Array.from({ length: 2 * RANGE / SPACING + 1 }, (_, k) => Math.sinh(k * SPACING - RANGE));
  const weights = nodes.map((u) => density(u) * Math.hypot(1, u) * SPACING);
  const mean = (of: (u: number) => number): number => nodes.reduce((sum, u, k) => sum + weights[k] * of(u), 0);
  const toOther = new Distance((t) => ({ value: mean((u) => toPoint.of(t - u)), slope: mean((u) => toPoint.slopeOf(t - u)) }));
  const distances = { toPoint, toOther };
  known.set(nu, distances);
  return distances;
}

/** Scores of y [n] under the even mixtures of the draws' f + sigma T. @returns n, on the encoded scale */
export function studentCrps(outputs: OutputDraws, y: ArrayLike<number>, nu: number): Float64Array {
  const { rows, values, noiseVariance } = outputs;
  const { toPoint, toOther } = distancesOf(nu);
  const sigma = Math.sqrt(noiseVariance);
  return mixtureCrps(outputs, (n) => ({
    toTarget: (s) => sigma * toPoint.of((y[n] - values[s * rows + n]) / sigma),
    apart: (s, r) => sigma * toOther.of((values[s * rows + n] - values[r * rows + n]) / sigma),
  }));
}
