/** The incomplete gamma and beta functions, which are distribution functions of counts. */
import { logBeta, logGamma } from './gamma.js';

const TERMS = 10000;
const EXACT = 1e-15;
/** Stands for 0 in a continued fraction. */
const TINY = 1e-300;

/** Q(a, x) = Gamma(a, x) / Gamma(a), 0 <= Q <= 1, for a > 0 and x >= 0: P(Poisson(x) < a) of whole a. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    // Series of the lower function.
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; n < TERMS && term > EXACT * sum; n++) sum += term *= x / (a + n);
    return Math.max(0, 1 - front * sum);
  }
  // 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - ...)))
  return Math.min(1, front * fraction((n) => (n === 0 ? 1 : -n * (n - a)), (n) => x + 2 * n + 1 - a));
}

/** I_x(a, b), the distribution function of a beta variable, for a, b > 0 and 0 <= x <= 1. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // Where it converges fast.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  const numerator = (n: number): number => {
    if (n === 0) return 1;
    const m = n >> 1;
    return n % 2 === 0 ? (m * (b - m) * x) / ((a + n - 1) * (a + n)) : (-(a + m) * (a + b + m) * x) / ((a + n - 1) * (a + n));
  };
  return Math.min(1, front * fraction(numerator, () => 1));
}

/** p_0 / (q_0 + p_1 / (q_1 + ...)), by Lentz's method as Thompson and Barnett (1986) have it. */
function fraction(numerator: (n: number) => number, denominator: (n: number) => number): number {
  let [value, c, d] = [TINY, TINY, 0];
  for (let n = 0; n < TERMS; n++) {
    const [p, q] = [numerator(n), denominator(n)];
    d = 1 / orTiny(q + p * d);
    c = orTiny(q + p / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < EXACT) break;
  }
  return value;
}

const orTiny = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
