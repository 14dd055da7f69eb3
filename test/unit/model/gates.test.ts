/** Gates of sources by tier, kept inputs, and networks whose layers all read the inputs. */
import { describe, expect, it } from 'vitest';
import { columnsOfInputs, sourceGates, tierGates, withGates } from '../../../src/model/gates.js';
import { graphOfShape, skipGraph } from '../../../src/model/graph.js';
import { posteriorOf, priorOf, thetaOf } from '../../../src/model/posterior.js';
import { blockPrior, blockValues, gatePrior, isKept, keptEdges, nodeLogits, priorOfRow, rowBlocks, type Prior } from '../../../src/model/prior.js';
import { layoutOf, type NetworkShape } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import type { Posterior } from '../../../src/types.js';
import { encoderFor, randomPosterior } from '../../helpers/random-posterior.js';

const posterior = randomPosterior({ seed: 3, task: 'regression', activation: 'tanh', gates: 'both', features: [1, 2, 1], hidden: [3, 2] });

describe('gates by tier', () => {
  it('are those of the inputs, then of each hidden layer', () => {
    expect(tierGates(posterior)).toEqual([posterior.inputs, ...posterior.units]);
    expect(Array.from(posterior.units, ({ z }) => z.length)).toEqual([3, 2]);
  });

  it('of all sources have those of an input for each of its columns', () => {
    const { z } = posterior.inputs;
    expect([...sourceGates(posterior)]).toEqual([z[0], z[1], z[1], z[2], ...posterior.units[0].z, ...posterior.units[1].z]);
    expect(columnsOfInputs(posterior).map((list) => [...list])).toEqual([[0], [1, 2], [3]]);
    expect(encoderFor('regression', [1, 2, 1]).features.map(({ columns }) => columns.length)).toEqual([1, 2, 1]);
  });

  it('are replaced tier by tier, with all else as it is', () => {
    const seen: number[] = [];
    const changed = withGates(posterior, ({ z }, tier) => {
      seen.push(tier);
      return z.map(() => tier / 4);
    });
    expect(seen).toEqual([0, 1, 2]);
    expect(tierGates(changed).map(({ z }) => [...new Set(z)])).toEqual([[0], [0.25], [0.5]]);
    expect(changed.layers).toBe(posterior.layers);
    expect(changed.inputs.group).toBe(posterior.inputs.group);
    expect(changed.units.map(({ prior }) => prior)).toEqual(posterior.units.map(({ prior }) => prior));
  });
});

describe('a network whose layers all read the inputs', () => {
  it('names the inputs, then the layer before', () => {
    const graph = skipGraph([2, 3, 4, 1]);
    expect([0, 1, 2].map((l) => [...graph.sourcesOf(l)])).toEqual([[0, 1], [0, 1, 2, 3, 4], [0, 1, 5, 6, 7, 8]]);
    expect(graph.outputs).toEqual([3, 4, 1]);
    expect(skipGraph([2, 1]).plain).toBe(true);
  });

  it('knows the row of each unit that a layer reads', () => {
    const graph = graphOfShape({ widths: [3, 2, 2, 1], sources: [undefined, undefined, Int32Array.of(0, 2, 4, 5, 6)] });
    expect([0, 1, 2].map((tier) => [...graph.rowsOfTier(2, tier)])).toEqual([[0, -1, 1], [-1, 2], [3, 4]]);
    expect([...graph.rowsOfTier(0, 1)]).toEqual([-1, -1]);
  });
});

describe('priors', () => {
  const prior: Prior = { node: [0.2, 0.4], edge: [0.1, 0.3, 0.6], tau: [0.5, 1, 2], own: { 1: 0.75, 2: 1 } as never };
  const logit = (p: number): number => Math.log(p / (1 - p));

  it('of single inputs come before that of all', () => {
    expect([0, 1, 2].map((gate) => gatePrior({ prior: 0.2, own: prior.own }, gate))).toEqual([0.2, 0.75, 1]);
    expect(gatePrior({ prior: 0.2 }, 1)).toBe(0.2);
    expect([isKept(prior.own, 1), isKept(prior.own, 2), isKept(undefined, 2)]).toEqual([false, true, false]);
    const [plain, own, kept] = nodeLogits(prior, 0, 3);
    expect([plain, own]).toEqual([expect.closeTo(logit(0.2), 10), expect.closeTo(logit(0.75), 10)]);
    expect(kept).toBeCloseTo(logit(1 - 1e-7), 4);
    // Hidden units have none of their own.
    expect(nodeLogits(prior, 1, 3)).toEqual(Array<number>(3).fill(logit(0.4)));
  });

  it('of a block are what the step reads of it', () => {
    expect(blockValues(prior, 1)).toEqual({
      edgeLogit: expect.closeTo(logit(0.3), 12), edgeLogOff: expect.closeTo(Math.log(0.7), 12), invTau2: 1, slabConstant: 0.5,
    });
    const wide = { invTau2: 0.25, slabConstant: expect.closeTo(0.5 * (1 - Math.log(4)), 12) as number };
    expect(blockValues(prior, 2)).toMatchObject(wide);
    expect(Object.keys(blockValues({ ...prior, spike: [0.1, 0.1, 0.1] }, 0)).sort())
      .toEqual(['edgeLogOff', 'edgeLogit', 'invTau2', 'slabConstant', 'spikeHalfCurvature', 'spikeOffset', 'spikeWidth2']);
    expect(keptEdges(prior, 2)).toMatchObject({ edgeLogit: expect.closeTo(logit(1 - 1e-7), 4) as number, invTau2: 0.25 });
    expect(blockPrior(prior, 2)).toEqual({ edge: 0.6, tau: 2 });
    expect(blockPrior({ ...prior, spike: [0.1, 0.2, 0.3] }, 1)).toEqual({ edge: 0.3, tau: 1, spike: 0.2 });
  });

  it('of rows are those of their block', () => {
    const [first, second, last] = [0, 1, 2].map((block) => blockPrior(prior, block));
    const layer = { inputs: 7, prior: last, earlier: [{ ...first, rows: 2 }, { ...second, rows: 3 }] };
    expect(Array.from({ length: 7 }, (_, i) => priorOfRow(layer, i).edge)).toEqual([0.1, 0.1, 0.3, 0.3, 0.3, 0.6, 0.6]);
    expect(rowBlocks(layer).map(({ rows, edge }) => [rows, edge])).toEqual([[2, 0.1], [3, 0.3], [2, 0.6]]);
    expect(rowBlocks({ inputs: 4, prior: last })).toEqual([{ ...last, rows: 4 }]);
    expect(priorOfRow({ prior: last }, 3)).toBe(last);
  });
});

describe('a posterior of a parameter vector', () => {
  const sources = [undefined, Int32Array.of(0, 1, 2, 3, 4)];
  const shape: NetworkShape = {
    widths: [3, 2, 1], sources, activation: 'tanh', gates: 'both', spike: 'dirac', task: 'regression',
    inputGroup: Int32Array.of(0, 1, 1), inputGates: 2,
  };
  const layout = layoutOf(shape);
  const theta = Stream.fromSeed('theta').normals(layout.size);
  const prior: Prior = { node: [0.2, 0.4], edge: [0.1, 0.3, 0.6], tau: [0.5, 1, 2] };
  const kept = posteriorOf(theta, shape, layout, { ...prior, own: { 1: 1 } as never });
  const plain = posteriorOf(theta, shape, layout, prior);

  it('holds open what is kept: the gate of the input, and its direct edges', () => {
    expect(kept.inputs.z[1]).toBe(1);
    expect(kept.inputs.z[0]).toBe(plain.inputs.z[0]);
    // Rows 1 and 2 of the output's matrix are the kept input's columns.
    expect([...kept.layers[1].alpha.subarray(1, 3)]).toEqual([1, 1]);
    expect([0, 3, 4].map((row) => kept.layers[1].alpha[row])).toEqual([0, 3, 4].map((row) => plain.layers[1].alpha[row]));
    expect(kept.layers[0].alpha).toEqual(plain.layers[0].alpha);
    expect(plain.inputs).not.toHaveProperty('own');
  });

  it('is read back as it was, under the same prior', () => {
    const back = thetaOf(plain, layout);
    theta.forEach((value, at) => expect(back[at]).toBeCloseTo(value, 4));
    expect(priorOf(plain)).toEqual(prior);
    expect(priorOf(kept)).toEqual({ ...prior, own: { 1: 1 } });
  });

  it('with decided gates comes a little away from 0 and 1', () => {
    const decided: Posterior = withGates(plain, ({ z }) => z.map((_, gate) => gate % 2));
    const { offset, length } = layout.blocks.get('zLogit')!;
    expect(new Set(thetaOf(decided, layout).subarray(offset, offset + length))).toEqual(new Set([-16, 16]));
  });
});
