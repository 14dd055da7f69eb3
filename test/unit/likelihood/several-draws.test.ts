/** Several numbers over several draws, what is kept of their columns, and exports: each as the regression of it alone has it. */
import { describe, expect, it } from 'vitest';
import {
  encodedEach, likelihoodOf, numberLikelihoodOf, outputsFor, type NumbersLikelihood, type OutputDraws, type TargetCells,
} from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import type { Response, Target, Targets } from '../../../src/types.js';

const likelihood = likelihoodOf('several') as NumbersLikelihood<'several'>;
const alone = numberLikelihoodOf({ task: 'regression' })!;
const [DRAWS, ROWS, K, VARIANCE] = [3, 4, 3, 0.4];
const targets = [{ mean: 2, scale: 3, noise: 0.5 }, { mean: -10, scale: 0.2, noise: 4 }, { mean: 0, scale: 50, noise: 0.5 }]
  .map((each, k) => ({ name: 'abc'[k], ...each }));
const target: Targets['several'] = { name: 'a, b, c', task: 'several', targets };
const single = (k: number): Target => ({ name: targets[k].name, task: 'regression', mean: targets[k].mean, scale: targets[k].scale });
const stream = Stream.fromSeed('several draws');
const values = stream.split('f').normals(DRAWS * ROWS * K);
const y = stream.split('y').normals(ROWS);
const others = [1, 2].map((k) => Float64Array.from(stream.split(k).normals(ROWS), (e) => targets[k].mean + targets[k].scale * e));
const outputs = outputsFor({ task: 'several', draws: DRAWS, rows: ROWS, outputs: K, values, noiseVariance: VARIANCE }, target, { others });
/** The draws of one of them. */
const margin = (k: number): OutputDraws => ({
  task: 'regression', draws: DRAWS, rows: ROWS, outputs: 1, noiseVariance: VARIANCE * targets[k].noise,
  values: values.filter((_, at) => at % K === k),
});
const encoded = encodedEach(y, target, others);
const rowsOf = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const response = (rows = rowsOf(ROWS)): Response => likelihood.response(Float32Array.from(rows, (n) => y[n]), K, {
  target, others: others.map((each) => Float64Array.from(rows, (n) => each[n])),
});

describe('several numbers over draws', () => {
  it('are expected as each alone is', () => {
    const expected = likelihood.expected(outputs);
    for (let k = 0; k < K; k++) {
      Array.from(alone.expected(margin(k))).forEach((value, n) => expect(expected[n * K + k]).toBeCloseTo(value, 6));
    }
  });

  it('are as uncertain as the mean of their variances, each in its own standard deviations', () => {
    const found = likelihood.uncertainty(outputs, target);
    const each = targets.map((_, k) => alone.uncertainty(margin(k), single(k)));
    expect([found.epistemic, found.aleatoric].map(({ length }) => length)).toEqual([ROWS, ROWS]);
    for (const part of ['epistemic', 'aleatoric'] as const) {
      found[part].forEach((value, n) => {
        const squares = targets.map(({ scale }, k) => (each[k][part][n] / scale) ** 2);
        expect(value).toBeCloseTo(Math.sqrt((squares[0] + squares[1] + squares[2]) / 3), 9);
      });
    }
    found.aleatoric.forEach((value) => expect(value).toBeCloseTo(Math.sqrt(VARIANCE * 5 / 3), 9));
  });

  it('lose what each alone loses, and together the mean', () => {
    const losses = likelihood.losses(outputs, y, target);
    const each = targets.map((_, k) => alone.losses(margin(k), encoded[k], single(k)));
    for (let n = 0; n < ROWS; n++) {
      const over = (of: (k: number) => number): number => (of(0) + of(1) + of(2)) / 3;
      expect(losses.relativeSquares![n]).toBeCloseTo(over((k) => each[k].squares![n] / targets[k].scale ** 2), 9);
      expect(losses.inside![n]).toBeCloseTo(over((k) => each[k].inside![n]), 12);
      each.forEach((own, k) => expect(losses[`${k}:absolute`]![n]).toBeCloseTo(own.absolute![n], 9));
      const densities = [0, 1, 2].map((s) => [0, 1, 2].reduce((product, k) => {
        const [variance, off] = [VARIANCE * targets[k].noise, encoded[k][n] - values[(s * ROWS + n) * K + k]];
        return product * Math.exp(-off * off / (2 * variance)) / Math.sqrt(2 * Math.PI * variance) / targets[k].scale;
      }, 1));
      expect(losses.nll[n]).toBeCloseTo(-Math.log((densities[0] + densities[1] + densities[2]) / 3), 5);
    }
  });

  it('the null model has the mean of each and one variance for all; no other is likelier', () => {
    const { output, noiseVariance } = likelihood.nullModel(y, target, { others });
    const data = response();
    const row = (n: number): Float32Array => data.data.subarray(n * data.cols, (n + 1) * data.cols);
    const at = (f: number[], variance: number): number =>
      rowsOf(ROWS).reduce((sum, n) => sum + likelihood.logDensity(f, row(n), variance), 0);
    const best = at(output, noiseVariance);
    expect(best).toBeCloseTo(likelihood.nullLogLikelihood(data), 6);
    for (const by of [-0.01, 0.01]) {
      output.forEach((_, k) => expect(at(output.map((f, j) => (j === k ? f + by : f)), noiseVariance)).toBeLessThan(best));
      expect(at(output, noiseVariance * (1 + by))).toBeLessThan(best);
    }
    // Rows that count twice are there twice.
    const twice = [0, 1, 1, 2, 3, 3, 3];
    const weights = Float32Array.of(1, 2, 1, 3);
    expect(likelihood.nullLogLikelihood({ ...data, weights })).toBeCloseTo(likelihood.nullLogLikelihood(response(twice)), 6);
    const facts = { others: others.map((each) => Float64Array.from(twice, (n) => each[n])) };
    const weighed = likelihood.nullModel(y, target, { others, weights });
    const repeated = likelihood.nullModel(Float32Array.from(twice, (n) => y[n]), target, facts);
    expect(weighed.noiseVariance).toBeCloseTo(repeated.noiseVariance, 6);
    weighed.output.forEach((f, k) => expect(f).toBeCloseTo(repeated.output[k], 6));
  });

  it('leave over the mean of squares, by target', () => {
    const f = Float64Array.from(stream.split('over').normals(ROWS * K));
    const weights = Float32Array.of(1, 2, 1, 3);
    const squares = (k: number, own: ArrayLike<number>): number => rowsOf(ROWS).reduce((sum, n) =>
      sum + own[n] * (encoded[k][n] - f[n * K + k]) ** 2, 0);
    const [plain, weighed] = [likelihood.leftOver(response(), f), likelihood.leftOver({ ...response(), weights }, f)];
    for (let k = 0; k < K; k++) {
      expect(plain[k]).toBeCloseTo(squares(k, [1, 1, 1, 1]) / 4, 6);
      expect(weighed[k]).toBeCloseTo(squares(k, weights) / 7, 6);
    }
  });

  it('targets that nobody has said are 0, and without units they are not scaled', () => {
    const { data, cols } = likelihood.response(y, 2, {});
    expect(cols).toBe(4);
    expect([...data]).toEqual(Array.from(y).flatMap((value) => [value, 0, 0, 0]));
    const raw = likelihood.response(y.subarray(0, 1), 2, { others: [Float64Array.of(7)] });
    expect([...raw.data]).toEqual([y[0], 7, 0, 0]);
    const known = likelihood.response(y.subarray(0, 1), K, { target });
    expect([...known.data].slice(1)).toEqual([0, 0, ...targets.map(({ noise }) => Math.fround(Math.log(noise)))]);
  });
});

describe('columns and exports of several numbers', () => {
  const cells = (name: string, column: number[], further?: TargetCells[]): TargetCells => ({
    name, rows: column.length, numeric: true, declared: false, levels: [...new Set(column)].map(String), levelsAreNumbers: true,
    numbers: () => Float64Array.from(column),
    codes: () => Int32Array.from(column.keys()), places: () => Int32Array.from(column.keys()), place: () => ({ file: 'y.csv' }), ...(further && { further }),
  });

  it('have the mean and the scale of each, and weights of all', () => {
    const first = cells('a', [1, 2, 3, 100], [cells('b', [10, 10, 40, 0])]);
    expect(likelihood.claims(first)).toBe(true);
    expect(likelihood.claims(cells('a', [1, 2]))).toBe(false);
    expect(likelihood.fit(first, Int32Array.of(0, 1, 2))).toEqual({
      name: 'a, b', task: 'several',
      targets: [
        { name: 'a', mean: 2, scale: expect.closeTo(Math.sqrt(2 / 3), 12), noise: 1 },
        { name: 'b', mean: 20, scale: expect.closeTo(Math.sqrt(200), 12), noise: 1 },
      ],
    });
    const weighed = likelihood.fit({ ...first, weights: Float32Array.of(2, 1, 1, 0) }, Int32Array.of(0, 1, 2));
    expect(weighed.targets.map(({ mean }) => mean)).toEqual([1.75, 17.5]);
    expect(() => likelihood.check(cells('a', [1, 2], [cells('b', [4, 4])]))).toThrow(/target 'b' has the same value/);
    expect(() => likelihood.check(first)).not.toThrow();
  });

  it('are 2 to 20 of them', () => {
    expect([1, 2, 20, 21].map((count) => likelihood.allowsOutputs(count))).toEqual([false, true, true, false]);
    expect(likelihood.outputNames(target)).toEqual(['a', 'b', 'c']);
  });

  it('an export predicts each in its own units, and says its distribution', () => {
    const layer = { inputs: 2, outputs: K, weight: stream.split('w').normals(2 * K), bias: stream.split('b').normals(K) };
    const { weight, bias, inputs, outputs: count } = likelihood.head(layer, target, VARIANCE);
    expect([inputs, count]).toEqual([2, K]);
    const x = [0.7, -1.3];
    targets.forEach(({ mean, scale, noise }, k) => {
      const f = x[0] * layer.weight[k] + x[1] * layer.weight[K + k] + layer.bias[k];
      expect(x[0] * weight[k] + x[1] * weight[K + k] + bias[k]).toBeCloseTo(f * scale + mean, 4);
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      const run = new Function('y', 'f', 'target', 'normalCdf', `return ${likelihood.cdfScript(VARIANCE)}`) as
        (y: number, f: number, own: object, cdf: (z: number) => number) => number;
      const z = run(mean + scale * (f + 0.5), f, targets[k], (argument) => argument);
      expect(z).toBeCloseTo(0.5 / Math.sqrt(VARIANCE * noise), 9);
      expect(likelihood.contributions.of([3, 5, 8], k)).toBe([3, 5, 8][k]);
    });
  });
});
