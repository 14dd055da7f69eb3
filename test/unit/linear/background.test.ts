import { describe, expect, it } from 'vitest';
import { backgroundSteps, type HeldOutOutputs } from '../../../src/linear/background.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { linearOutputs } from '../../../src/linear/outputs.js';
import type { LinearProblem } from '../../../src/linear/index.js';
import { Stream } from '../../../src/random.js';
import { finished, planted } from './tables.js';

/** 30 weak effects. */
const weak: Record<number, number[]> = Object.fromEntries(Array.from({ length: 30 }, (_, j) => [j, [0.35 * (-1) ** j]]));
const dense = (rows: number): LinearProblem => planted('binary', { rows, inputs: 30, effects: weak }, 'weak');

const truthOf = ({ x: { rows, cols, data } }: LinearProblem): Float64Array => Float64Array.from({ length: rows }, (_, n) =>
  data.subarray(n * cols, (n + 1) * cols).reduce((sum, value, c) => sum + value * (weak[c]?.[0] ?? 0), 0));

/** A fold for each half of the rows, whose network gives f there. */
function halves(f: Float64Array): HeldOutOutputs[] {
  const rows = Array.from(f.keys());
  return [0, 1].map((fold) => {
    const [inside, outside] = [1 - fold, fold].map((part) => Int32Array.from(rows.filter((n) => n % 2 === part)));
    const at = (chosen: Int32Array): Float64Array => Float64Array.from(chosen, (n) => f[n]);
    return { inside, outside, insideOutputs: at(inside), outsideOutputs: at(outside) };
  });
}

const meanLoss = ({ y }: LinearProblem, f: ArrayLike<number>): number => Array.from(y.data, (label, n) =>
  -likelihoodOf('binary').logDensity(Float64Array.of(f[n]), Float32Array.of(label), 1)).reduce((sum, each) => sum + each, 0) / y.rows;

describe('the dense background', () => {
  it('stands alone beside a network that knows nothing of rows it did not see', () => {
    const table = dense(300);
    // Memory, not knowledge: the classes inside, noise outside.
    const memory = Float64Array.from(table.y.data, (label) => 8 * label - 4);
    const noise = Stream.fromSeed('noise').normals(300);
    const folds = halves(memory).map((fold) => ({ ...fold, outsideOutputs: fold.outsideOutputs.map((_, at) => 4 * noise[at]) }));
    const { share, weight, bias } = finished(backgroundSteps(table, memory, folds, { penalty: 5, noiseVariance: 1 }));
    expect(share).toBeLessThan(0.1);
    const fresh = planted('binary', { rows: 600, inputs: 30, effects: weak }, 'others');
    const f = linearOutputs({ weight, bias }, fresh.x);
    // More than half of what the truth gains over guessing.
    expect(meanLoss(fresh, f)).toBeLessThan((Math.LN2 + meanLoss(fresh, truthOf(fresh))) / 2);
  });

  it('adds next to nothing to a network that gives the true function', () => {
    const table = dense(600);
    const truth = truthOf(table);
    const { share, weight } = finished(backgroundSteps(table, truth, halves(truth), { penalty: 5, noiseVariance: 1 }));
    expect(share).toBeGreaterThan(0.7);
    const added = linearOutputs({ weight, bias: [0] }, table.x);
    const size = (f: ArrayLike<number>): number => Array.from(f).reduce((sum, each) => sum + each * each, 0);
    // What the share takes the background gives back at most.
    expect(size(added)).toBeLessThan(0.25 * size(truth));
  });

  it('takes several classes', () => {
    const table = planted('multiclass', { rows: 150, inputs: 4, effects: { 0: [1, 0, -1], 2: [0, 1, -1] } }, 'classes');
    const none = new Float64Array(450);
    const folds = [{
      inside: Int32Array.from({ length: 100 }, (_, n) => n), outside: Int32Array.from({ length: 50 }, (_, n) => 100 + n),
      insideOutputs: none.subarray(0, 300), outsideOutputs: none.subarray(0, 150),
    }];
    const { weight, bias } = finished(backgroundSteps(table, none, folds, { penalty: 1, noiseVariance: 1 }));
    expect([weight.length, bias.length]).toEqual([12, 3]);
    expect(weight[0]).toBeGreaterThan(0.2);
    expect(weight[2]).toBeLessThan(-0.2);
  });
});
