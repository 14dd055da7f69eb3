import { describe, expect, it } from 'vitest';
import { fitJobs } from '../../../src/train/fits.js';
import { startFit, stateFrom } from '../../../src/train/start.js';
import { hasSameUnits, warmed, warmState, type InputNames } from '../../../src/train/warm.js';
import { graphOfShape, shapeSources, skipGraph } from '../../../src/model/graph.js';
import { block, layoutOf, weightIndices, type BlockName, type NetworkShape } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import type { FitSettings } from '../../../src/train/types.js';

/** Two hidden layers beside skips; an input for each entry, of so many columns. */
function shapeOf(columnsOf: readonly number[]): NetworkShape {
  const group = columnsOf.flatMap((count, input) => Array<number>(count).fill(input));
  const widths = [group.length, 3, 2, 1];
  return {
    widths, ...shapeSources(skipGraph(widths)), activation: 'silu', gates: 'both', task: 'regression',
    inputGroup: Int32Array.from(group), inputGates: columnsOf.length,
  };
}

const settingsOf = (shape: NetworkShape): FitSettings => ({
  shape, epochs: 400, batch: 10, learningRate: 0.01, gateLearningRate: 5, prior: { inclusion: 'auto', slabScale: 'auto' },
});

const OLD = { shape: shapeOf([1, 2, 1]), names: { features: ['a', 'c', 'z'], columns: ['a', 'c=1', 'c=2', 'z'] } };
const NEW = { shape: shapeOf([1, 1, 3]), names: { features: ['new', 'a', 'c'], columns: ['new', 'a', 'c=0', 'c=1', 'c=2'] } };

/** A finished fit whose parameters are small numbers that all differ. */
function earlier(): Parameters<typeof warmState>[2] {
  const layout = layoutOf(OLD.shape);
  const { prior } = startFit(settingsOf(OLD.shape), layout, Stream.fromSeed(1));
  const theta = Float32Array.from({ length: layout.size }, (_, at) => 1 + at / 1000);
  return { ...OLD, state: { ...stateFrom(theta, { ...prior, tau: prior.tau.map((_, b) => 2 + b) }), step: 400 } };
}

/** What theta has of an edge from a source, a column by name or a hidden unit by place, to a unit of layer l. */
function valueOf(
  theta: Float32Array, shape: NetworkShape, { columns }: InputNames, name: BlockName, l: number, source: string | number,
): number {
  const [layout, graph] = [layoutOf(shape), graphOfShape(shape)];
  const at = typeof source === 'string' ? columns.indexOf(source) : graph.columns + source;
  const { weight, outputs } = layout.layers[l];
  return block(theta, layout, name)![weight + graph.sourcesOf(l).indexOf(at) * outputs];
}

describe('a warm start', () => {
  const { theta, prior, step, history } = warmState(settingsOf(NEW.shape), NEW.names, earlier(), Stream.fromSeed(2));
  const cold = startFit(settingsOf(NEW.shape), layoutOf(NEW.shape), Stream.fromSeed(2));
  const from = earlier().state.theta;

  it('takes edges and gates by the names of columns and inputs, wherever they stand', () => {
    for (const l of [0, 1, 2]) {
      for (const source of ['a', 'c=1', 'c=2', ...[0, 1, 2].slice(0, l === 1 ? 3 : 0)]) {
        for (const name of ['mu', 'rho', 'alphaLogit'] as const) {
          expect(valueOf(theta, NEW.shape, NEW.names, name, l, source), `${name} ${l} ${source}`)
            .toBe(valueOf(from, OLD.shape, OLD.names, name, l, source));
        }
      }
    }
    const [gates, old] = [block(theta, layoutOf(NEW.shape), 'zLogit')!, block(from, layoutOf(OLD.shape), 'zLogit')!];
    expect([gates[1], gates[2]]).toEqual([old[0], old[1]]);
    expect([...gates.subarray(3)]).toEqual([...old.subarray(3)]);
  });

  it('draws what is new as a fit from scratch does', () => {
    for (const source of ['new', 'c=0']) {
      expect(valueOf(theta, NEW.shape, NEW.names, 'mu', 0, source)).toBe(valueOf(cold.theta, NEW.shape, NEW.names, 'mu', 0, source));
    }
    expect(block(theta, layoutOf(NEW.shape), 'zLogit')![0]).toBe(3);
  });

  it('takes biases, noise and prior, and begins at the first step', () => {
    for (const name of ['biasMu', 'biasRho', 'logNoise'] as const) {
      expect([...block(theta, layoutOf(NEW.shape), name)!]).toEqual([...block(from, layoutOf(OLD.shape), name)!]);
    }
    expect(prior.tau).toEqual(earlier().state.prior.tau);
    expect([step, history.length]).toEqual([0, 0]);
  });

  it('lets go of gates that were as good as decided', () => {
    const sure = earlier();
    sure.state.theta.fill(-20);
    const { theta: released } = warmState(settingsOf(NEW.shape), NEW.names, sure, Stream.fromSeed(2));
    const layout = layoutOf(NEW.shape);
    expect(Math.min(...block(released, layout, 'zLogit')!, ...block(released, layout, 'alphaLogit')!)).toBe(-3);
    expect(weightIndices(NEW.shape, layout).gate).toHaveLength(layout.weights);
  });

  it('is shorter, and begins beside no other fit', () => {
    const jobs = fitJobs(settingsOf(NEW.shape), { gates: 'both', restarts: 4, reference: true, skip: true });
    const job = warmed(jobs.find(({ beside }) => beside !== undefined)!);
    expect(job.beside).toBeUndefined();
    expect(warmed(jobs[0]).settings).toMatchObject({ epochs: 150, wholeEpochs: 400, course: 'rescue' });
  });

  it.each([
    ['other columns', {}, true],
    ['other hidden units', { widths: [4, 3, 3, 1] }, false],
    ['another likelihood', { task: 'poisson' as const }, false],
    ['other gates', { gates: 'node' as const }, false],
    ['no skips', { sources: [undefined, undefined, undefined] }, false],
  ])('knows %s', (_, over, same) => {
    expect(hasSameUnits(NEW.shape, { ...OLD.shape, ...over })).toBe(same);
  });
});
