import { describe, expect, it } from 'vitest';
import { inclusion } from '../../../../src/inference/inclusion/inclusion.js';
import { missLogs, sweep, transposeMiss, type MissLogs, type SweepStep } from '../../../../src/inference/inclusion/reachability.js';
import { Stream } from '../../../../src/random.js';
import type { Posterior } from '../../../../src/types.js';
import { randomPosterior } from '../../../helpers/random-posterior.js';
import { gatedLayers, type GatedLayer } from '../../../helpers/gated-layers.js';

interface Exact { inputs: number[]; nodes: number[][] }

/** PIPs by going through every combination of all gates and edges; paths are followed gate by gate. */
function enumerate(posterior: Posterior): Exact {
  const layers = gatedLayers(posterior);
  const gates = layers.flatMap((layer) => [...layer.z, ...layer.alpha]);
  const inputs = Array<number>(layers[0].z.length).fill(0);
  const nodes = layers.slice(0, -1).map(({ outputs }) => Array<number>(outputs).fill(0));
  for (let mask = 0; mask < 2 ** gates.length; mask++) {
    const on = gates.map((_, bit) => Math.floor(mask / 2 ** bit) % 2 === 1);
    const weight = gates.reduce((p, gate, bit) => p * (on[bit] ? gate : 1 - gate), 1);
    if (weight === 0) continue;
    const thrown = unpack(layers, on);
    const reaches = (l: number, i: number): boolean =>
      l === layers.length || (thrown[l].z[layers[l].group[i]] &&
        thrown[l].edges[i].some((edge, j) => edge && reaches(l + 1, j)));
    const reached = (l: number, i: number): boolean =>
      thrown[l].z[layers[l].group[i]] && (l === 0 || thrown[l - 1].edges.some((row, from) => row[i] && reached(l - 1, from)));
    inputs.forEach((_, feature) => {
      const columns = [...layers[0].group.keys()].filter((c) => layers[0].group[c] === feature);
      if (columns.some((c) => reaches(0, c))) inputs[feature] += weight;
    });
    nodes.forEach((layer, h) => layer.forEach((_, j) => {
      if (reaches(h + 1, j) && reached(h + 1, j)) layer[j] += weight;
    }));
  }
  return { inputs, nodes };
}

function unpack(layers: GatedLayer[], on: boolean[]): { z: boolean[]; edges: boolean[][] }[] {
  let at = 0;
  return layers.map(({ inputs, outputs, z }) => ({
    z: on.slice(at, (at += z.length)),
    edges: Array.from({ length: inputs }, () => on.slice(at, (at += outputs))),
  }));
}

const base = { task: 'regression', activation: 'tanh', gates: 'both' } as const;

describe('inclusion against enumeration of all masks', () => {
  for (const { name, features, hidden, seeds } of [
    { name: 'linear', features: [1, 2, 1], hidden: [], seeds: [1, 2, 3] },
    { name: 'one hidden layer', features: [1, 2], hidden: [2], seeds: [4, 5, 6] },
    { name: 'two hidden layers', features: [1, 1], hidden: [2, 2], seeds: [7, 8, 9] },
    { name: 'three hidden layers', features: [2], hidden: [2, 1, 2], seeds: [10, 11] },
  ]) {
    it(name, () => {
      for (const seed of seeds) {
        const posterior = randomPosterior({ ...base, seed, features, hidden: [...hidden] });
        const exact = enumerate(posterior);
        const found = inclusion(posterior, { samples: 4000, stream: Stream.fromSeed(seed) });
        const compare = (values: Float64Array, errors: Float64Array, truth: number[]): void => truth.forEach((p, k) => {
          expect(Math.abs(values[k] - p)).toBeLessThanOrEqual(5 * errors[k] + 1e-6);
          expect(errors[k]).toBeLessThan(0.01);
        });
        compare(found.inputs, found.inputErrors, exact.inputs);
        exact.nodes.forEach((truth, h) => compare(found.nodes[h], found.nodeErrors[h], truth));
      }
    });
  }

  it('needs no masks without hidden layers, and with one', () => {
    for (const hidden of [[], [2]]) {
      const posterior = randomPosterior({ ...base, seed: 21, features: [1, 1, 2], hidden });
      const found = inclusion(posterior, { samples: 1, stream: Stream.fromSeed(1) });
      enumerate(posterior).inputs.forEach((p, k) => expect(found.inputs[k]).toBeCloseTo(p, 6));
      expect([...found.inputErrors, ...found.nodeErrors.flatMap((errors) => [...errors])].every((e) => e === 0)).toBe(true);
    }
  });
});

describe('sweep', () => {
  const posterior = randomPosterior({ ...base, seed: 3, features: [2, 1, 1], hidden: [3] });
  const [layer] = posterior.layers;
  const step = (group: number, miss: MissLogs): SweepStep =>
    ({ from: [{ group, miss }], gate: Array<number>(miss.cols).fill(1) });

  it('sums miss logarithms over the columns of a gate', () => {
    const [{ tier, miss: { rows, cols, data } }, ...others] = missLogs(posterior, 0);
    expect([tier, others]).toEqual([0, []]);
    expect([rows, cols]).toEqual([3, 3]);
    const miss = (1 - layer.alpha[0]) * (1 - layer.alpha[3]);
    expect(Math.exp(data[0])).toBeCloseTo(miss, 12);
  });

  it('turns rows into columns and back', () => {
    const [{ miss }] = missLogs(posterior, 0);
    expect(transposeMiss(transposeMiss(miss))).toEqual(miss);
    expect(transposeMiss(miss).data[1]).toBe(miss.data[3]);
  });

  it('is certain where edges are certain and impossible where nothing is alive', () => {
    const miss = { rows: 2, cols: 2, data: Float64Array.of(-Infinity, 0, 0, 0) };
    const [first, second] = sweep([1, 0], [step(0, miss), step(1, miss)], 10, Stream.fromSeed(1));
    expect([...first.mean]).toEqual([1, 0]);
    expect([...second.mean]).toEqual([1, 0]);
    const [dead] = sweep([0, 0], [step(0, miss)], 10, Stream.fromSeed(1));
    expect([...dead.mean]).toEqual([0, 0]);
  });

  it('keeps the digits of tiny probabilities', () => {
    const miss = { rows: 1, cols: 1, data: Float64Array.of(Math.log1p(-1e-12)) };
    const [reach] = sweep([0.5], [step(0, miss)], 10, Stream.fromSeed(1));
    expect(reach.mean[0] / 5e-13).toBeCloseTo(1, 9);
  });
});
