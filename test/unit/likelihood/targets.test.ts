/** Against figures of SciPy, scikit-learn, statsmodels, lifelines and scikit-survival: test/fixtures/targets/make.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateDraws } from '../../../src/inference/predictive/evaluate.js';
import { likelihoodOf, numberLikelihoodOf, outputsFor, type OutputDraws } from '../../../src/likelihood/index.js';
import { brierAt, CONCORDANCE, CONCORDANCE_IPCW } from '../../../src/likelihood/survival-metrics.js';
import { Rows } from '../../../src/linear/rows.js';
import { incompleteBeta, upperGamma } from '../../../src/maths/incomplete.js';
import { Fallen } from '../../../src/maths/survival.js';
import type { RowFacts, Target, Task } from '../../../src/types.js';

interface Fitted {
  theta: number[];
  logLikelihood: number;
}

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/targets/targets.json', import.meta.url), 'utf8')) as {
  deviance: { y: number[]; mean: number[]; value: number };
  cdf: Record<'poisson' | 'negativeBinomial' | 'student' | 'upperGamma' | 'beta', number[][]>;
  concordance: Record<'time' | 'event' | 'risk', number[]> & Record<'harrell' | 'harrellOfSurvival' | 'uno', number>;
  brier: { times: number[]; survival: number[][]; values: number[] };
  counts: { x: number[][]; exposure: number[]; y: number[]; poisson: Fitted; negativeBinomial: Fitted & { alpha: number } };
  times: { time: number[]; event: number[] } & Record<'weibull' | 'log-normal', Fitted & { ancillary: number }>;
  crps: Record<'centres' | 'spreads', number[][]> & {
    y: number[]; sigma: number; student: { degrees: number; scores: number[] }[]; varying: number[];
    logRegression: { y: number[]; mean: number; scale: number; scores: number[] };
  };
  ordinal: { y: number[]; slopes: number[]; cuts: number[]; logLikelihood: number };
};

const near = (found: number, said: number, within: number): void =>
  expect(Math.abs(found - said), `${found} beside ${said}`).toBeLessThanOrEqual(within * Math.max(1, Math.abs(said)));

/** One draw, the same for `rows` rows. */
const drawn = (task: Task, f: readonly number[], noiseVariance = 1): OutputDraws =>
  ({ task, draws: 1, rows: f.length, outputs: 1, values: Float32Array.from(f), noiseVariance });

describe('distribution functions are those of SciPy', () => {
  it('the incomplete gamma and beta functions', () => {
    for (const [a, x, value] of fixture.cdf.upperGamma) near(upperGamma(a, x), value, 1e-11);
    for (const [x, a, b, value] of fixture.cdf.beta) near(incompleteBeta(x, a, b), value, 1e-11);
  });

  it.each([
    ['poisson', 'poisson', ([k, mean]: number[]) => ({ y: k, f: Math.log(mean), noise: 1 })],
    ['counts', 'negativeBinomial', ([k, mean, alpha]: number[]) => ({ y: k, f: Math.log(mean), noise: alpha })],
    ['student', 'student', ([t]: number[]) => ({ y: t, f: 0, noise: 1 })],
  ] as const)('of %s', (task, name, caseOf) => {
    for (const each of fixture.cdf[name]) {
      const { y, f, noise } = caseOf(each);
      const target = { name: 'y', task, rate: 1, mean: 0, scale: 1, degrees: each[1] } as unknown as Target;
      // Outputs are four-byte numbers.
      near(numberLikelihoodOf(target)!.cdfAt(outputsFor(drawn(task, [f], noise), target), y)[0], each.at(-1)!, 2e-6);
    }
  });

  it.each(['poisson', 'counts'] as const)('quantiles of %s are the first with so much up to them', (task) => {
    const target = { name: 'y', task, rate: 1 } as Target;
    const likelihood = numberLikelihoodOf(target)!;
    const outputs = outputsFor(drawn(task, [-1, 0.5, 3, 5], 0.4), target);
    for (const p of [0.05, 0.5, 0.95]) {
      likelihood.quantiles(outputs, p).forEach((q, n) => {
        expect(likelihood.cdfAt(outputs, q)[n]).toBeGreaterThanOrEqual(p);
        if (q > 0) expect(likelihood.cdfAt(outputs, q - 1)[n]).toBeLessThan(p);
      });
    }
  });
});

describe('metrics', () => {
  it("the deviance is scikit-learn's", () => {
    const { y, mean, value } = fixture.deviance;
    const target: Target = { name: 'y', task: 'poisson', rate: 1 };
    near(evaluateDraws(drawn('poisson', mean.map(Math.log)), Float32Array.from(y), target).deviance!, value, 1e-6);
  });

  describe('CRPS is the integral that SciPy finds', () => {
    const { centres, spreads, y, sigma, student, varying, logRegression } = fixture.crps;
    const scores = (target: object, truth: readonly number[], values: number[], scale = 1): Float64Array => {
      const known = { name: 'y', mean: 0, scale: 1, ...target } as Target;
      const outputs: OutputDraws = {
        task: known.task, draws: centres.length, rows: truth.length, outputs: values.length / (centres.length * truth.length),
        values: Float32Array.from(values), noiseVariance: sigma ** 2,
      };
      const { crps } = likelihoodOf(known.task).losses(outputsFor(outputs, known), Float32Array.from(truth), known);
      return crps!.map((each) => each / scale);
    };
    const sameAs = (found: Float64Array, said: readonly number[]): void => said.forEach((each, n) => near(found[n], each, 1e-6));

    it.each(student)('of Student with $degrees degrees of freedom', ({ degrees, scores: said }) => {
      sameAs(scores({ task: 'student', degrees }, y, centres.flat()), said);
      // In other units.
      sameAs(scores({ task: 'student', degrees, mean: 7, scale: 40 }, y, centres.flat(), 40), said);
    });
    it('of varying noise', () => {
      sameAs(scores({ task: 'varying' }, y, centres.flatMap((each, s) => each.flatMap((centre, n) => [centre, spreads[s][n]]))), varying);
    });
    it('of a logarithm with normal noise', () => {
      const { y: truth, mean, scale, scores: said } = logRegression;
      sameAs(scores({ task: 'log-regression', mean, scale }, truth, centres.flat()), said);
    });
  });

  it("concordances are lifelines' and scikit-survival's, ties and all", () => {
    const { harrell, harrellOfSurvival, uno, ...told } = fixture.concordance;
    const [time, event, risk] = [told.time, told.event, told.risk].map((values) => Float64Array.from(values));
    const losses = { nll: new Float64Array(time.length), time, event, risk };
    near(CONCORDANCE.value(losses)!, harrell, 1e-12);
    near(CONCORDANCE.value(losses)!, harrellOfSurvival, 1e-12);
    near(CONCORDANCE_IPCW.value(losses)!, uno, 1e-9);
  });

  it("Brier scores over time are scikit-survival's", () => {
    const [time, event] = [fixture.concordance.time, fixture.concordance.event].map((values) => Float64Array.from(values));
    const censored = new Fallen(time, event.map((seen) => 1 - seen), undefined, 'first');
    fixture.brier.times.forEach((t, at) => {
      const scores = brierAt({ time, event }, censored, t, fixture.brier.survival[at].map((s) => 1 - s));
      near(scores.reduce((sum, score) => sum + score, 0) / time.length, fixture.brier.values[at], 1e-9);
    });
  });
});

describe('linear models: the optimum of other programs is one, and has their likelihood', () => {
  const { x, exposure, y } = fixture.counts;
  const { time, event } = fixture.times;
  const outputsOf = ([a, b, c]: number[]): number[] => x.map((row) => a + b * row[0] + c * row[1]);
  const { ordinal } = fixture;
  const exposed = { exposure: Float32Array.from(exposure) };
  const censored = { events: Uint8Array.from(event) };
  const cases: { task: Task; y: number[]; fit: Fitted; noise: number; known: { target?: never } & RowFacts }[] = [
    { task: 'poisson', y, fit: fixture.counts.poisson, noise: 1, known: exposed },
    { task: 'counts', y, fit: fixture.counts.negativeBinomial, noise: fixture.counts.negativeBinomial.alpha, known: exposed },
    { task: 'weibull', y: time, fit: fixture.times.weibull, noise: fixture.times.weibull.ancillary ** -2, known: censored },
    { task: 'log-normal', y: time, fit: fixture.times['log-normal'], noise: fixture.times['log-normal'].ancillary ** 2, known: censored },
    {
      task: 'ordinal', y: ordinal.y, fit: { theta: [0, ...ordinal.slopes], logLikelihood: ordinal.logLikelihood }, noise: 1,
      known: { target: { cuts: ordinal.cuts } as never },
    },
  ];

  it.each(cases)('$task', ({ task, y: targets, fit, noise, known }) => {
    const likelihood = likelihoodOf(task);
    const response = likelihood.response(Float32Array.from(targets), 1, known);
    const f = Float64Array.from(outputsOf(fit.theta));
    const rows = new Rows(likelihood, response, noise);
    near(rows.at(f), fit.logLikelihood, 2e-6);
    const slopes = [0, 1, 2].map((c) => rows.gradient.reduce((sum, g, n) => sum + g * (c === 0 ? 1 : x[n][c - 1]), 0));
    // Of rows whose gradients are near 1 each: 200 of them do not add up to more than their rounding.
    for (const slope of task === 'ordinal' ? slopes.slice(1) : slopes) expect(Math.abs(slope)).toBeLessThan(0.02);
    if (!likelihood.learnsNoise || task === 'ordinal') return;
    const at = (log: number): number => new Rows(likelihood, response, noise * Math.exp(log)).at(f);
    expect(Math.abs((at(1e-3) - at(-1e-3)) / 2e-3)).toBeLessThan(0.02);
  });
});
