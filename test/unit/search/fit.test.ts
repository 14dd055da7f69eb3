import { describe, expect, it } from 'vitest';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import { Evaluator } from '../../../src/search/evaluator.js';
import { refit } from '../../../src/search/fit.js';
import { emptyNetwork, type Network } from '../../../src/search/network.js';
import { CENTRE, slabsAt } from '../../../src/search/scales.js';
import { withLinear } from '../../../src/search/starts.js';
import { normalColumns, tableFrom } from './tables.js';

const [column] = normalColumns(60, 1, Stream.fromSeed('fit'));
// Twins: without what the prior adds, nothing tells their weights apart.
const counts = Float32Array.from(column, (value) => Math.round(Math.exp(value)));
const table = tableFrom([column, column], likelihoodOf('poisson').response(counts, 1), 'poisson');
const evaluator = new Evaluator(table);
const at = (size: number): Network => {
  const network = withLinear(table, emptyNetwork(1), [0, 1]);
  const skips = network.skips.map((skip) => ({ ...skip, weight: Float64Array.of(size) }));
  return { ...network, bias: Float64Array.of(size), skips };
};

describe('the fit of a structure', () => {
  it('is given up where rates are so large that rounding loses the prior in their curvature', () => {
    const fit = refit(evaluator, at(100), slabsAt(table.likelihood, CENTRE));
    expect({ abandoned: fit.abandoned, evidence: fit.evidence }).toEqual({ abandoned: true, evidence: -Infinity });
  });

  it('has a finite evidence where rates are moderate', () => {
    const fit = refit(evaluator, at(0.3), slabsAt(table.likelihood, CENTRE));
    expect(fit.abandoned).toBe(false);
    expect(Number.isFinite(fit.evidence)).toBe(true);
  });
});
