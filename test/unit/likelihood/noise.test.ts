/** What exports say of the noise: the distribution of a target about its prediction, against the likelihood's own. */
import { describe, expect, it } from 'vitest';
import { likelihoodOf, noiseOf, unitsOf, type Noise } from '../../../src/likelihood/index.js';
import { studentCdf } from '../../../src/likelihood/student-crps.js';
import { incompleteBeta, upperGamma } from '../../../src/maths/incomplete.js';
import { normalCdf } from '../../../src/maths/normal.js';
import type { Target } from '../../../src/types.js';

/** P(Y <= y), as someone reads the metadata who knows nothing else. @param output what the output `noise` says of the row */
function below(y: number, predicted: number, noise: Noise, output: number): number {
  switch (noise.distribution) {
    case 'normal': return normalCdf((y - predicted) / ('sd' in noise ? noise.sd : output));
    case 'student': return studentCdf((y - predicted) / noise.scale, noise.degrees);
    case 'log-normal': {
      const middle = Math.log(predicted) - (noise.prediction === 'mean' ? noise.sd ** 2 / 2 : 0);
      return normalCdf((Math.log(y) - middle) / noise.sd);
    }
    case 'weibull': return 1 - 0.5 ** ((y / predicted) ** noise.shape);
    case 'poisson': return upperGamma(y + 1, predicted);
    case 'negative-binomial': {
      const { dispersion } = noise;
      return incompleteBeta(1 / (1 + dispersion * predicted), 1 / dispersion, y + 1);
    }
  }
}

const number = { name: 'y', mean: 20, scale: 4 };
const TARGETS: [Target, f: number[], ys: number[]][] = [
  [{ ...number, task: 'regression' }, [0.4], [17, 21, 26]],
  [{ ...number, task: 'student', degrees: 3 }, [0.4], [17, 21, 26]],
  [{ ...number, task: 'varying' }, [0.4, -0.7], [17, 21, 26]],
  [{ name: 'y', task: 'log-regression', mean: 1.2, scale: 0.6 }, [0.4], [2, 4.5, 9]],
  [{ name: 'y', task: 'poisson', rate: 3 }, [0.4], [1, 4, 9]],
  [{ name: 'y', task: 'counts', rate: 3 }, [0.4], [1, 4, 9]],
  [{ name: 'y', task: 'weibull', scale: 12 }, [0.4], [4, 15, 40]],
  [{ name: 'y', task: 'log-normal', scale: 12 }, [0.4], [8, 15, 40]],
];
const VARIANCE = 0.35;

describe('noiseOf', () => {
  it.each(TARGETS)('says the distribution of a target about its prediction: %o', (target, f, ys) => {
    const likelihood = likelihoodOf(target.task);
    if (likelihood.kind !== 'number') throw new Error('this is no number');
    const { scale, shift } = unitsOf(target);
    const predicted = likelihood.mean(f, VARIANCE, target)[0] * scale + shift;
    const [noise] = noiseOf(target, VARIANCE)!;
    for (const y of ys) {
      const outputs = {
        task: target.task, draws: 1, rows: 1, outputs: f.length, values: Float32Array.from(f), noiseVariance: VARIANCE,
        known: { target },
      };
      const own = likelihood.cdfAt(outputs, (y - shift) / scale)[0];
      expect(own).toBeGreaterThan(0.01);
      expect(own).toBeLessThan(0.99);
      expect(below(y, predicted, noise, Math.exp(f[1]) * scale)).toBeCloseTo(own, 5);
    }
  });

  it('says that of each of several targets, and nothing of classes', () => {
    const targets = [{ name: 'a', mean: 0, scale: 2, noise: 0.5 }, { name: 'b', mean: 5, scale: 10, noise: 2 }];
    const noise = noiseOf({ name: 'a, b', task: 'several', targets }, VARIANCE)!;
    expect(noise.map((each) => 'sd' in each && each.sd ** 2)).toEqual([expect.closeTo(4 * 0.5 * VARIANCE, 10), expect.closeTo(200 * VARIANCE, 10)]);
    expect(noiseOf({ name: 'c', task: 'binary', levels: ['no', 'yes'] } as never, 1)).toBeUndefined();
  });
});
