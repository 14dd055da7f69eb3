/** A reference structure with hidden units as a posterior: its weights, its ways and what it computes. */
import { describe, expect, it } from 'vitest';
import { compressedOutputs } from '../../../../src/inference/predictive/compressed.js';
import { columnSubset } from '../../../../src/inference/predictive/compressed-draws.js';
import { prune } from '../../../../src/inference/prune/prune.js';
import { listOf } from '../../../../src/inference/structure/networks.js';
import { structurePosterior } from '../../../../src/inference/structure/posterior.js';
import { Stream } from '../../../../src/random.js';
import { Evaluator } from '../../../../src/search/evaluator.js';
import { fitNetwork } from '../../../../src/search/fit.js';
import { EDGE, OUT, SKIP, UNIT_BIAS } from '../../../../src/search/layout.js';
import { emptyNetwork, type Network } from '../../../../src/search/network.js';
import { outputsAt } from '../../../../src/search/outputs.js';
import { CENTRE, slabsAt } from '../../../../src/search/scales.js';
import { withLinear } from '../../../../src/search/starts.js';
import type { SearchSummary } from '../../../../src/search/summary.js';
import { encoderFor, randomRows } from '../../../helpers/random-posterior.js';
import { normalColumns, oneHot, tableFrom } from '../../search/tables.js';

/** Encoded columns of four inputs: the second has two. */
const FEATURES = [1, 2, 1, 1];
const GROUP = Int32Array.of(0, 1, 1, 2, 3);
const stream = Stream.fromSeed('hidden structure');
const columns = normalColumns(60, 5, stream);
const labels = Array.from(columns[0], (a, n) => (a + columns[1][n] ** 2 < 0 ? 0 : columns[3][n] < 0.3 ? 1 : 2));
const table = tableFrom(columns, oneHot(labels, 3), 'multiclass', [...GROUP]);
const slabs = slabsAt(table.likelihood, CENTRE);
const unit = (inputs: number[]): Network['units'][number] => ({
  inputs, mask: 0b111, bias: 0.1, out: new Float64Array(3).fill(0.1),
  weights: inputs.map((input) => new Float64Array(FEATURES[input]).fill(0.2)),
});
/** The first input directly, the second through both units, the third through the second unit; the fourth has no part. */
const network = { ...withLinear(table, emptyNetwork(3), [0]), units: [unit([1]), unit([1, 2])] };
const fit = fitNetwork(new Evaluator(table), network, slabs);
const wider = fitNetwork(new Evaluator(table), withLinear(table, fit.network, [3]), slabs);
const { layout } = fit;
const share = (p: number): number => {
  if (layout.kind[p] === SKIP) return layout.output[p] === 1 ? 0.75 : 0.25;
  if (layout.kind[p] !== EDGE) return layout.kind[p] === OUT ? 0.5 : 1;
  return layout.column[p] === 3 ? 0.125 : layout.unit[p] === 0 ? 0.5 : 0.75;
};
const spread = Float64Array.from({ length: layout.size }, (_, p) => 0.01 * (p + 1));
const widerSpread = Float64Array.from({ length: wider.layout.size }, (_, p) => 0.02 * (p + 1));
const pips = Float64Array.of(0.9, 0.8, 0.6, 0.1);
const reference = {
  fit, scales: CENTRE, log: 0, units: Float64Array.of(0.7, 0.4),
  weights: Float64Array.from({ length: layout.size }, (_, p) => share(p)),
  wider, spread, widerSpread,
};
const list = listOf([{ layout, w: fit.w }]);
const { posterior, inclusion } = structurePosterior('multiclass', GROUP, {
  reference, table, prior: { inputs: 4, outputs: 3, forced: [], sparsity: 4, unitRatio: 0.1, mostUnits: 10 },
  summary: { pips, nonlinear: Float64Array.of(0, 0.7, 0.5, 0) } as unknown as SearchSummary,
  average: { structures: { ...list, share: Float64Array.of(1) }, draws: { ...list, noiseVariance: Float64Array.of(0.5, 1.5) } },
});
const [hidden, output] = posterior.layers;
const near = (found: number, said: number): void => expect(found).toBeCloseTo(said, 6);

describe('a structure with hidden units', () => {
  it('has its weights where they are, those of hidden units halved', () => {
    expect([hidden.inputs, hidden.outputs, output.inputs, output.outputs]).toEqual([5, 2, 7, 3]);
    for (let p = 0; p < layout.size; p++) {
      const [kind, c, h, k] = [layout.kind[p], layout.column[p], layout.unit[p], layout.output[p]];
      const toOutput = [output, (kind === OUT ? 5 + h : c) * 3 + k, 1] as const;
      const [layer, at, half] = kind === EDGE ? [hidden, c * 2 + h, 2] as const : toOutput;
      if (kind === EDGE || kind === OUT || kind === SKIP) {
        near(layer.mu[at], fit.w[p] / half);
        near(layer.sigma[at], spread[p] / half);
      } else if (kind === UNIT_BIAS) {
        near(hidden.biasMu[h], fit.w[p] / 2);
        near(hidden.biasSigma[h], spread[p] / 2);
      } else {
        near(output.biasMu[k], fit.w[p]);
        near(output.biasSigma[k], spread[p]);
      }
    }
  });

  it('opens the likeliest way of each input, and the unit it leads through', () => {
    // Through the first unit 0.7 x 0.5, through the second 0.4 x 0.75; both columns go the same way.
    for (const column of [1, 2]) expect([0, 1].map((h) => hidden.alpha[column * 2 + h])).toEqual([1, 0.75]);
    expect(hidden.alpha[3 * 2 + 1]).toBe(1);
    expect(hidden.alpha[3 * 2]).toBe(0);
    // Of the direct edges the likeliest one, with the others as they are.
    expect([...output.alpha.subarray(0, 3)]).toEqual([0.25, 1, 0.25]);
    expect(Array.from(posterior.units[0].z, (z) => Math.fround(z))).toEqual([0.8, 0.6].map(Math.fround));
    expect(Array.from(inclusion.nodes[0])).toEqual([0.8, 0.6]);
    // What a unit gives is open as far as it is likeliest.
    for (const h of [0, 1]) expect(Math.max(...output.alpha.subarray((5 + h) * 3, (6 + h) * 3))).toBe(1);
  });

  it('has a direct edge for an input that the reference is without, from the wider one', () => {
    for (let p = 0; p < wider.layout.size; p++) {
      if (wider.layout.kind[p] !== SKIP || wider.layout.column[p] !== 4) continue;
      const at = 4 * 3 + wider.layout.output[p];
      near(output.mu[at], wider.w[p]);
      near(output.sigma[at], widerSpread[p]);
      expect(output.alpha[at]).toBe(1);
    }
    expect(Math.max(...output.alpha.subarray(12, 15))).toBe(1);
  });

  it('has PIPs and noise of the average', () => {
    expect(Array.from(posterior.inputs.z, (z) => Math.fround(z))).toEqual(Array.from(pips, Math.fround));
    expect(posterior.inputs.prior).toBeCloseTo(0.2, 12);
    expect(posterior.noiseVariance).toBe(1);
    expect(inclusion.samples).toBe(2);
    expect(inclusion.inputErrors).toEqual(new Float64Array(4));
  });

  it('computes at one half what the structure computes', () => {
    const encoder = encoderFor('multiclass', FEATURES);
    const all = { ...inclusion, weights: posterior.layers.map(({ mu }) => mu.map((value) => Number(value !== 0))) };
    const { model } = prune(posterior, all, encoder, { threshold: 0.5, level: 'all' });
    expect(model.encoder.features.map(({ name }) => name)).toEqual(['x1', 'x2', 'x3']);
    const x = randomRows(3, 9, 5);
    const own = Array.from({ length: 5 }, (_, c) => Float64Array.from({ length: 9 }, (__, n) => x.data[n * 5 + c]));
    const expected = outputsAt(layout, fit.w, own, 9);
    const found = compressedOutputs(model, columnSubset(encoder, model.encoder)(x));
    found.forEach((value, at) => expect(value).toBeCloseTo(expected[at], 4));
  });
});
