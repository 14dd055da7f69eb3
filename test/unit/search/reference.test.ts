import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/random.js';
import type { Visited } from '../../../src/search/chain.js';
import { Evaluator } from '../../../src/search/evaluator.js';
import { fitNetwork } from '../../../src/search/fit.js';
import { EDGE, layoutOf, SKIP } from '../../../src/search/layout.js';
import { activeInputs, emptyNetwork, type Network } from '../../../src/search/network.js';
import { partsOf } from '../../../src/search/parts.js';
import { logPrior, type StructurePrior } from '../../../src/search/prior.js';
import { referenceOf, withoutInput } from '../../../src/search/reference.js';
import { CENTRE, logUsedScales, slabsAt } from '../../../src/search/scales.js';
import { withLinear } from '../../../src/search/starts.js';
import { summarise } from '../../../src/search/summary.js';
import { finish } from '../../../src/steps.js';
import { normalColumns, numbers, oneHot, tableFrom } from './tables.js';

const stream = Stream.fromSeed('reference');
const columns = normalColumns(150, 5, stream);
const noise = stream.split('noise').normals(150);
const table = tableFrom(columns, numbers(columns[0].map((a, n) => a + 1.5 * columns[1][n] ** 2 + 0.5 * noise[n])), 'regression');
const prior: StructurePrior = { inputs: 5, outputs: 1, forced: [], sparsity: 5, unitRatio: 0.1, mostUnits: 10 };
const evaluator = new Evaluator(table);
const slabs = slabsAt(table.likelihood, CENTRE);

const unit = (inputs: number[]): Network['units'][number] =>
  ({ inputs, mask: 1, bias: 0.3, weights: inputs.map(() => Float64Array.of(1)), out: Float64Array.of(1) });

function visit(network: Network, visits = 0): Visited {
  const fit = fitNetwork(evaluator, network, slabs);
  const log = fit.evidence + logPrior(fit.network, prior) + logUsedScales(fit.network, CENTRE);
  return { network: fit.network, scales: CENTRE, evidence: fit.evidence, log, visits, abandoned: false, indefinite: false };
}

const chainOf = (visited: Visited[]) => ({ step: 1, visited, current: 0, scales: CENTRE, moves: {}, fits: 1 });
const linear = (...inputs: number[]): Network => withLinear(table, emptyNetwork(1), inputs);
const right: Network = { ...linear(0), units: [unit([1])] };

describe('the reference structure', () => {
  it('is the best of those with exactly the inputs of a PIP above one half, with the odds of its parts', () => {
    const summary = summarise([chainOf([visit(right, 90), visit(linear(0), 5), visit(linear(0, 2), 5)])], 5);
    const { fit, weights, units, log, wider } = finish(referenceOf(table, summary, prior, stream));
    expect(activeInputs(fit.network)).toEqual([0, 1]);
    expect(fit.network.units.length).toBe(1);
    const without = visit(linear(0));
    expect(units[0]).toBeCloseTo(1 / (1 + Math.exp(without.log - log)), 6);
    const skip = fit.layout.kind.indexOf(SKIP);
    expect(weights[skip]).toBeCloseTo(1 / (1 + Math.exp(visit({ ...emptyNetwork(1), units: [unit([1])] }).log - log)), 4);
    // Of input 2, which has a PIP of a few hundredths, the wider one has a skip.
    expect(activeInputs(wider.network)).toEqual([0, 1, 2]);
  });

  it('loses parts without which it is more probable, but no input', () => {
    const superfluous: Network = { ...linear(0, 1), units: [unit([1]), unit([0, 1])] };
    const { fit, log } = finish(referenceOf(table, summarise([chainOf([visit(superfluous, 1)])], 5), prior, stream));
    expect(log).toBeGreaterThan(visit(superfluous).log);
    expect(activeInputs(fit.network)).toEqual([0, 1]);
    for (const { without } of partsOf(fit.network, fit.layout, table)) {
      if (activeInputs(without).length === 2) expect(visit(without).log).toBeLessThan(log + 0.1);
    }
  });

  it('is made of the best structure where no visited one has these inputs', () => {
    const chains = [chainOf([visit(linear(0, 2), 55), visit({ ...linear(2), units: [unit([1])] }, 45)])];
    const summary = { ...summarise(chains, 5), pips: Float64Array.of(0.9, 0.8, 0.1, 0, 0) };
    expect(activeInputs(finish(referenceOf(table, summary, prior, stream)).fit.network)).toEqual([0, 1]);
  });

  it('loses an input from every place', () => {
    const network: Network = { ...linear(0, 1), units: [unit([1]), unit([0, 1])] };
    const left = withoutInput(network, 1);
    expect([activeInputs(left), left.units.length]).toEqual([[0], 1]);
  });
});

describe('parts', () => {
  it('are skips and weights to each output, edges and units; each names its own places', () => {
    const labels = Array.from(columns[0], (value) => (value < -0.5 ? 0 : value < 0.5 ? 1 : 2));
    const three = tableFrom(columns, oneHot(labels, 3), 'multiclass', [0, 0, 1, 2, 3]);
    const network: Network = {
      bias: new Float64Array(3), skips: [{ input: 0, mask: 0b101, weight: new Float64Array(6) }],
      units: [
        { inputs: [0, 2], mask: 0b011, bias: 0, weights: [new Float64Array(2), new Float64Array(1)], out: new Float64Array(3) },
      ],
    };
    const layout = layoutOf(network, three.places, 3, slabs);
    const parts = partsOf(network, layout, three);
    // Two outputs of the skip; the unit, its two edges, its two weights.
    expect(parts.map(({ places, unit: h }) => [places.length, h])).toEqual(
      [[2, undefined], [2, undefined], [0, 0], [2, undefined], [1, undefined], [1, undefined], [1, undefined]]);
    expect(parts[0].without.skips[0].mask).toBe(0b100);
    expect(parts[3].without.units[0].inputs).toEqual([2]);
    expect(parts[3].places.every((p) => layout.kind[p] === EDGE)).toBe(true);
    expect(parts[5].without.units[0].mask).toBe(0b010);
  });
});
