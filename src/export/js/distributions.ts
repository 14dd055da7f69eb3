/** Distribution functions in the words of an exported module, as src/maths has them for the program. */
const LOG_GAMMA = String.raw`// log Gamma(x), x >= 0.5, by Lanczos' approximation.
function logGamma(x) {
  const terms = [676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
  const sum = terms.reduce((total, term, i) => total + term / (x + i), 0.99999999999980993);
  return (x - 0.5) * Math.log(x + 6.5) - x - 6.5 + Math.log(Math.sqrt(2 * Math.PI) * sum);
}`;

const FRACTION = String.raw`// p(0) / (q(0) + p(1) / (q(1) + ...)), by Lentz's method.
function fraction(p, q) {
  const orTiny = (value) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let [value, c, d] = [1e-300, 1e-300, 0];
  for (let n = 0; n < 10000; n++) {
    d = 1 / orTiny(q(n) + p(n) * d);
    c = orTiny(q(n) + p(n) / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}`;

const BETA = String.raw`// The distribution function of a beta variable.
function incompleteBeta(x, a, b) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  // Gamma(z) z = Gamma(z + 1), so that the argument is not small.
  const log = (z) => logGamma(z + 1) - Math.log(z);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - log(a) - log(b) + log(a + b)) / a;
  const p = (n) => {
    const m = n >> 1;
    if (n === 0) return 1;
    return n % 2 === 0 ? (m * (b - m) * x) / ((a + n - 1) * (a + n)) : (-(a + m) * (a + b + m) * x) / ((a + n - 1) * (a + n));
  };
  return Math.min(1, front * fraction(p, () => 1));
}`;

const FUNCTIONS: Record<string, { text: string; uses?: string[] }> = {
  logGamma: { text: LOG_GAMMA },
  fraction: { text: FRACTION },
  incompleteBeta: { text: BETA, uses: ['logGamma', 'fraction'] },
  normalCdf: {
    text: String.raw`// Distribution function of the standard normal (Numerical Recipes 6.2.2), within 1.2e-7 of it.
function normalCdf(x) {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 2 / (2 + z);
  const series = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277]
    .reduceRight((sum, term) => sum * t + term, 0);
  const tail = 0.5 * t * Math.exp(series - z * z);
  return x >= 0 ? 1 - tail : tail;
}`,
  },
  studentCdf: {
    text: String.raw`// The same of Student's t.
function studentCdf(t, degrees) {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}`,
    uses: ['incompleteBeta'],
  },
  poissonCdf: {
    text: String.raw`// P(at most y events) where so many are expected.
function poissonCdf(y, expected) {
  if (y < 0 || expected <= 0) return y < 0 ? 0 : 1;
  const a = Math.floor(y) + 1;
  const front = Math.exp(a * Math.log(expected) - expected - logGamma(a));
  if (expected >= a + 1) {
    return Math.min(1, front * fraction((n) => (n === 0 ? 1 : -n * (n - a)), (n) => expected + 2 * n + 1 - a));
  }
  let [term, sum] = [1 / a, 1 / a];
  for (let n = 1; n < 10000 && term > 1e-15 * sum; n++) sum += term *= expected / (a + n);
  return Math.max(0, 1 - front * sum);
}`,
    uses: ['logGamma', 'fraction'],
  },
  negativeBinomialCdf: {
    text: String.raw`// The same where the variance is larger than the mean: mean + dispersion mean^2.
const negativeBinomialCdf = (y, mean, dispersion) =>
  (y < 0 ? 0 : incompleteBeta(1 / (1 + dispersion * mean), 1 / dispersion, Math.floor(y) + 1));`,
    uses: ['incompleteBeta'],
  },
};

/** The functions that an expression uses, those before others that these use. */
export function distributionCode(expression: string): string[] {
  const needed = new Set<string>();
  const need = (name: string): void => {
    FUNCTIONS[name].uses?.forEach(need);
    needed.add(name);
  };
  Object.keys(FUNCTIONS).filter((name) => expression.includes(`${name}(`)).forEach(need);
  return [...needed].map((name) => FUNCTIONS[name].text);
}
