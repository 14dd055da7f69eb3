/** A positive number whose logarithm has normal noise of one variance: log y = mean + scale (f + sigma Z). */
import { normalCdf } from '../maths/normal.js';
import { number } from '../rules.js';
import type { Response, RowFacts, Targets } from '../types.js';
import { centralProbability, mixtureCrps } from './crps.js';
import { gaussian } from './gaussian.js';
import { gaussianQuantiles, logDensities } from './gaussian-draws.js';
import { fitNumbers, momentsOfTargets, numberLikelihood } from './numbers.js';

type LogTarget = Targets['log-regression'];

const NEUTRAL = { mean: 0, scale: 1 };

/** The response is the standardised logarithm. */
function responseOf(y: Float32Array, outputs: number, { target }: { target?: LogTarget | undefined } & RowFacts = {}): Response {
  const { mean, scale } = target ?? NEUTRAL;
  return { rows: y.length, cols: 1, data: y.map((value) => (Math.log(value) - mean) / scale), outputs };
}

const { terms, perDraw, logDensity, derivatives, allRows, nullLogLikelihood } = gaussian;

export const logRegression = numberLikelihood<'log-regression'>({
  task: 'log-regression', learnsNoise: true, normal: true, spelling: { key: 'transform', value: 'log', beside: 'regression' },
  terms, perDraw, logDensity, derivatives, ...(allRows && { allRows }), nullLogLikelihood,
  words: {
    kind: 'a positive number', target: ({ name }) => `regression of the logarithm of '${name}'`, effect: ({ name }) => `predicted ${name}`,
  },
  fault: (raw) => (raw > 0 ? undefined : 'is not above 0, and has no logarithm'),
  fit(cells, rows) {
    const { mean, sd } = fitNumbers({ ...cells, numbers: () => cells.numbers().map(Math.log) }, rows);
    return { name: cells.name, task: 'log-regression', mean, scale: sd };
  },
  fields: { mean: number(), scale: number({ above: 0 }) },
  units: () => ({ scale: 1, shift: 0 }),
  response: responseOf,
  nullModel(y, target, { weights } = {}) {
    const { mean, variance } = momentsOfTargets(responseOf(y, 1, { target }).data, weights);
    return { output: [mean], noiseVariance: variance };
  },

  mean: ([f], noise, { mean, scale } = NEUTRAL as LogTarget) => [Math.exp(mean + scale * f + scale * scale * noise / 2)],
  variance: ([f], noise, { mean, scale } = NEUTRAL as LogTarget) =>
    Math.expm1(scale * scale * noise) * Math.exp(2 * (mean + scale * f) + scale * scale * noise),
  cdf: (y, [f], noise, { mean, scale } = NEUTRAL as LogTarget) =>
    (y > 0 ? normalCdf(((Math.log(y) - mean) / scale - f) / Math.sqrt(noise)) : 0),
  quantiles(outputs, p) {
    const { mean, scale } = (outputs.known?.target ?? NEUTRAL) as LogTarget;
    return gaussianQuantiles(outputs, p).map((q) => Math.exp(mean + scale * q));
  },
  logDensities(outputs, y) {
    const target = (outputs.known?.target ?? NEUTRAL) as LogTarget;
    const { data } = responseOf(y, 1, { target });
    return logDensities(outputs, data).map((density, n) => density - Math.log(y[n] * target.scale));
  },
  // Baran, Lerch 2015, (5), for mixtures.
  crps(outputs, y) {
    const { mean, scale } = (outputs.known?.target ?? NEUTRAL) as LogTarget;
    const { rows, values, noiseVariance } = outputs;
    const sigma = scale * Math.sqrt(noiseVariance);
    return mixtureCrps(outputs, (n) => {
      const centre = (s: number): number => mean + scale * values[s * rows + n];
      const expected = (s: number): number => Math.exp(centre(s) + sigma * sigma / 2);
      const larger = (s: number, r: number): number =>
        expected(s) * centralProbability((centre(s) - centre(r) + sigma * sigma) / (sigma * Math.SQRT2));
      return {
        toTarget(s) {
          const distance = (Math.log(y[n]) - centre(s)) / sigma;
          return y[n] * centralProbability(distance) - expected(s) * centralProbability(distance - sigma);
        },
        apart: (s, r) => larger(s, r) + larger(r, s),
      };
    });
  },
  contributions: {
    of: ([f]) => f, units: ({ mean, scale }) => ({ scale, shift: mean }), words: ({ name }) => `the logarithm of ${name}`,
  },
  head: ({ weight, bias, ...layer }, { mean, scale }, noise) => ({
    ...layer, weight: weight.map((value) => value * scale),
    bias: bias.map((value) => value * scale + mean + scale * scale * noise / 2),
    activation: 'exp', prediction: 'prediction', before: 'log_prediction',
  }),
  noise: (variance, { scale }) => ({ distribution: 'log-normal', prediction: 'mean', sd: scale * Math.sqrt(variance) }),
  script: (noise) => `Math.exp(f * target.scale + target.mean + target.scale ** 2 * ${noise / 2})`,
  cdfScript: (noise) =>
    `y > 0 ? normalCdf(((Math.log(y) - target.mean) / target.scale - outputs[0]) / ${Math.sqrt(noise)}) : 0`,
});
