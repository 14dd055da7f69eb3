import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/random.js';
import { gainsOf, verdictOf, type LossesByModel, type RowsVerdict } from '../../../src/work/verdict.js';

const ROWS = 200;
const stream = Stream.fromSeed('verdict');
/** Losses of normal densities with the given residuals, sigma^2 = their mean square, as a model that is right has them. */
const lossesOf = (residuals: Float64Array): Float64Array => {
  const variance = residuals.reduce((sum, e) => sum + e * e, 0) / residuals.length;
  return residuals.map((e) => 0.5 * (Math.log(2 * Math.PI * variance) + (e * e) / variance));
};

/**
 * y = linear + nonlinear + noise of variance 1, the parts of the variances given; every model knows the parts that it can know.
 * In closed form the gain of a model over another is half the log of their residual variances' ratio.
 */
function planted(linear: number, nonlinear: number, name: string, rows = ROWS): Required<Omit<LossesByModel, 'weights'>> {
  const part = (label: string, variance: number): Float64Array =>
    Float64Array.from(stream.split(name, label).normals(rows), (value) => Math.sqrt(variance) * value);
  const [a, b, e] = [part('linear', linear), part('nonlinear', nonlinear), part('noise', 1)];
  return {
    none: lossesOf(e.map((value, n) => value + a[n] + b[n])), linear: lossesOf(e.map((value, n) => value + b[n])),
    network: lossesOf(e),
  };
}

const verdict = (losses: LossesByModel, kept = 1): RowsVerdict => {
  const rows = losses.none.length;
  return verdictOf(gainsOf(losses), { rows, degrees: rows - 1, kept });
};

describe('the gains', () => {
  it('are differences of mean losses with Student intervals', () => {
    const { overNoInputs, overLinear } = gainsOf({
      none: Float64Array.of(3, 2, 4), linear: Float64Array.of(2, 2, 2), network: Float64Array.of(1, 1, 1),
    });
    // Differences 2, 1, 3: mean 2, standard error 1 / sqrt(3), t = 4.303.
    expect(overNoInputs.mean).toBe(2);
    expect(overNoInputs.upper).toBeCloseTo(2 + 4.3027 / Math.sqrt(3), 3);
    expect(overNoInputs.lower).toBeCloseTo(2 - 4.3027 / Math.sqrt(3), 3);
    expect(overLinear).toEqual({ mean: 1, lower: 1, upper: 1 });
  });

  it('hold the true gain in 95 of 100 intervals', () => {
    const truth = 0.5 * Math.log(1.5);
    const held = Array.from({ length: 400 }, (_, r) => gainsOf(planted(0, 0.5, `interval ${r}`, 60)).overNoInputs)
      .filter(({ lower, upper }) => lower <= truth && truth <= upper).length;
    // Binomial: .95 ± 3.3 standard errors of .011.
    expect(held / 400).toBeGreaterThan(0.91);
    expect(held / 400).toBeLessThan(0.99);
  });
});

describe('the verdict', () => {
  it('tells noise, a linear and a nonlinear truth apart', () => {
    expect(verdict(planted(0, 0, 'noise'), 0).kind).toBe('nothing-found');
    expect(verdict(planted(1, 0, 'linear')).kind).toBe('linear-enough');
    expect(verdict(planted(1, 1, 'both')).kind).toBe('better-than-linear');
    expect(verdict(planted(0, 1, 'nonlinear')).kind).toBe('better-than-linear');
  });

  it('says that the network is worse', () => {
    const { none, linear } = planted(1, 0, 'worse');
    expect(verdict({ none, linear, network: none }, 0).kind).toBe('worse-than-linear');
    const wild = none.map((loss) => loss + 0.1);
    expect(verdict({ none, linear: none, network: wild }).kind).toBe('worse-than-guessing');
    // A network without inputs is a constant.
    expect(verdict({ none, linear: none, network: wild }, 0).kind).toBe('nothing-found');
  });

  it('does not call a constant shift of nothing a difference', () => {
    const { none } = planted(0, 0, 'shift');
    const shifted = none.map((loss) => loss + 1e-3);
    expect(verdict({ none, linear: none, network: shifted }, 0).kind).toBe('nothing-found');
    expect(verdict({ none: shifted, linear: shifted, network: none }, 0).kind).toBe('nothing-found');
  });

  it('is open where inputs were kept or no linear model is there', () => {
    const { none, network } = planted(0, 1, 'open');
    expect(verdict({ none, network }).kind).toBe('undecided');
    expect(verdict({ none, linear: none, network: none }, 2).kind).toBe('undecided');
  });

  it('knows what so many rows show', () => {
    // 2 · 2.8² / 200
    const { detectable } = verdict(planted(0, 0, 'noise'), 0);
    expect(detectable).toBeCloseTo(0.0784, 10);
    const shown = Array.from({ length: 200 }, (_, r) => gainsOf(planted(0, Math.expm1(2 * detectable), `power ${r}`)).overNoInputs)
      .filter(({ lower }) => lower > 0).length;
    expect(shown / 200).toBeGreaterThan(0.7);
    expect(shown / 200).toBeLessThan(0.97);
  });
});
