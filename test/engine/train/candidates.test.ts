import { describe, expect, it } from 'vitest';
import { besideLinear, CANDIDATES, linearShape } from '../../../src/train/candidates.js';
import { fitJobs, fitNames, isLinear } from '../../../src/train/fits.js';
import { startFit } from '../../../src/train/start.js';
import { relabelling } from '../../../src/inference/gates/relabelling.js';
import { graphOfShape, shapeSources, skipGraph } from '../../../src/model/graph.js';
import { posteriorOf } from '../../../src/model/posterior.js';
import { block, layoutOf, type NetworkShape } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import type { FitSettings } from '../../../src/train/types.js';
import { randomTheta } from '../../helpers/worlds.js';

/** Three columns of two inputs, the second of which has two; two hidden layers. */
const widths = [3, 4, 2, 1];
const shape: NetworkShape = {
  widths, ...shapeSources(skipGraph(widths)), activation: 'silu', gates: 'both', task: 'regression',
  inputGroup: Int32Array.of(0, 1, 1), inputGates: 2,
};
const layout = layoutOf(shape);
const settings: FitSettings = {
  shape, epochs: 400, batch: 10, learningRate: 0.01, gateLearningRate: 5, prior: { inclusion: 'auto', slabScale: 'auto' },
};
const ASKED = { gates: 'both', restarts: 4, reference: true, skip: true } as const;

describe('networks that contain the linear model', () => {
  it('read the inputs in every layer', () => {
    const graph = graphOfShape(shape);
    expect(graph.outputs.map((_, l) => [...graph.sourcesOf(l)])).toEqual([[0, 1, 2], [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 7, 8]]);
    expect(graph.directRows).toBe(3);
    expect([...graph.gateShares(2, shape.inputGroup)]).toEqual([1, 0.5, 0.5, 1, 1]);
    expect(graph.blocks).toHaveLength(5);
  });

  it('are fitted from several starts beside the linear model, the reference last', () => {
    const names = fitNames(ASKED).map(({ name }) => name);
    expect(names).toEqual([
      'linear', 'linear, edge gates', 'linear, edges first', 'half-open', 'two-stage', 'dense', 'sparse', 'reference',
    ]);
    expect(fitNames({ ...ASKED, restarts: 6, reference: false }).map(({ name }) => name).slice(-2)).toEqual(['half-open 2', 'two-stage 2']);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are fitted without the linear model where that is not asked for', () => {
    expect(fitNames({ ...ASKED, restarts: 1, linear: false }).map(({ name }) => name)).toEqual(['half-open', 'reference']);
  });

  it('with other gates are fitted as before, beside one linear model', () => {
    expect(fitNames({ ...ASKED, gates: 'weight', restarts: 2 }).map(({ name, gates }) => [name, gates])).toEqual(
      [['linear', 'weight'], ['restart 1', 'weight'], ['restart 2', 'weight'], ['reference', 'none']]);
    expect(fitNames({ ...ASKED, gates: 'none', restarts: 1 }).map(({ name }) => name)).toEqual(['restart 1']);
  });

  it('have jobs with the settings of their kind', () => {
    const jobs = new Map(fitJobs(settings, ASKED).map((job) => [job.name, job]));
    const linear = jobs.get('linear')!;
    expect(isLinear(linear)).toBe(true);
    expect(linear.settings.shape).toMatchObject({ widths: [3, 1], gates: 'node' });
    expect(linear.settings.shape.sources).toBeUndefined();
    expect(jobs.get('linear, edge gates')!.settings.shape).toMatchObject({ widths: [3, 1], gates: 'both' });
    // The first two fits of the same model without hidden layers, draw by draw.
    const own = fitJobs({ ...settings, shape: linearShape(shape) }, { ...ASKED, skip: false, restarts: 2, reference: false });
    const same = ['linear, edge gates', 'linear, edges first'].map((name) => jobs.get(name)!);
    expect(same.map(({ stream }) => stream)).toEqual(own.map(({ name }) => name));
    expect(same.map((job) => job.settings)).toEqual(own.map((job) => job.settings));
    expect(jobs.get('two-stage')).toMatchObject({ beside: 'linear', settings: { course: 'two-stage', epochs: 200, wholeEpochs: 400 } });
    expect(jobs.get('sparse')!.settings).toMatchObject({ course: 'sparse', start: CANDIDATES.sparse.start, epochs: 400 });
    expect(jobs.get('reference')!.settings.shape.sources).toEqual(shape.sources);
  });
});

describe('starts', () => {
  const startOf = (over: Partial<FitSettings>) => startFit({ ...settings, ...over }, layout, Stream.fromSeed(1)).theta;
  const edges = (theta: Float32Array): number[][] => {
    const logits = block(theta, layout, 'alphaLogit')!;
    return graphOfShape(shape).blocks.map(({ layer, feed }) => {
      const { weight, outputs } = layout.layers[layer];
      const own = logits.subarray(weight + feed.row * outputs, weight + (feed.row + feed.units.length) * outputs);
      return [...new Set(own)];
    });
  };

  it('of a sparse candidate close what leads on from hidden units, and nothing else', () => {
    const theta = startOf({ start: CANDIDATES.sparse.start });
    // Inputs to h1; inputs and h1 to h2; inputs and h2 to the output.
    expect(edges(theta)).toEqual([[5], [5], [-3], [5], [-3]]);
    expect([...block(theta, layout, 'zLogit')!]).toEqual([5, 5, ...Array<number>(6).fill(3)]);
  });

  it('leave inputs closed that are not named', () => {
    expect([...block(startOf({ openInputs: [1] }), layout, 'zLogit')!].slice(0, 2)).toEqual([-3, 3]);
    expect(startOf({ openInputs: [0, 1] })).toEqual(startOf({}));
  });

  it('beside the linear fit have its weights, and hidden units that add little', () => {
    const linear: NetworkShape = { ...linearShape(shape), gates: 'node' };
    const own = layoutOf(linear);
    const theta = randomTheta(own, Stream.fromSeed(2));
    block(theta, own, 'zLogit')!.set([-1, 6]);
    const posterior = posteriorOf(theta, linear, own, { node: [0.2], edge: [0.3], tau: [0.7] });
    const state = besideLinear(posterior, settings, Stream.fromSeed(3));
    const { weight } = layout.layers[2];
    expect([...block(state.theta, layout, 'mu')!.subarray(weight, weight + 3)]).toEqual([...block(theta, own, 'mu')!]);
    const [, , , direct] = edges(state.theta);
    direct.forEach((logit, at) => expect(logit).toBeCloseTo([-1, 3][at], 4));
    // The closed input is offered to the hidden units all the same.
    expect([...block(state.theta, layout, 'zLogit')!].slice(0, 2)).toEqual([2, 3]);
    const onwards = block(state.theta, layout, 'mu')!.subarray(weight + 3, weight + 5);
    const chance = block(startOf({}), layout, 'mu')!;
    expect(Math.max(...onwards.map(Math.abs))).toBeLessThan(0.5 * Math.max(...chance.map(Math.abs)));
    expect(state.prior.tau).toEqual([1, 1, 1, 0.7, 1]);
    const few = besideLinear(posterior, { ...settings, openInputs: [] }, Stream.fromSeed(3));
    expect(block(few.theta, layout, 'zLogit')![0]).toBeCloseTo(-1, 4);
  });
});

describe('relabelling', () => {
  it('counts the ways of naming the living units of each layer', () => {
    const posterior = posteriorOf(randomTheta(layout, Stream.fromSeed(4)), shape, layout, {
      node: [0.5, 0.5, 0.5], edge: Array<number>(5).fill(0.5), tau: Array<number>(5).fill(1),
    });
    expect(relabelling(posterior, [[0, 0, 0, 0], [0, 0]])).toBe(0);
    expect(relabelling(posterior, [[1, 0.4, 0.5, 0], [0, 1]])).toBeCloseTo(Math.log(4 * 3) + Math.log(2), 12);
    expect(relabelling(posterior, [[1, 1, 1, 1], [1, 1]])).toBeCloseTo(Math.log(24) + Math.log(2), 12);
  });
});
