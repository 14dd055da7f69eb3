import { describe, expect, it } from 'vitest';
import { logSumExp } from '../../../src/maths/quadrature.js';
import { Stream } from '../../../src/random.js';
import { Chain, type ChainOptions, type ChainState } from '../../../src/search/chain.js';
import { Evaluator } from '../../../src/search/evaluator.js';
import { fitNetwork } from '../../../src/search/fit.js';
import { emptyNetwork, keyOf, type Network } from '../../../src/search/network.js';
import { logPrior, type StructurePrior } from '../../../src/search/prior.js';
import type { SearchTable } from '../../../src/search/problem.js';
import { CENTRE, logUsedScales, MOST_STEPS, slabsAt } from '../../../src/search/scales.js';
import { summarise } from '../../../src/search/summary.js';
import { allStructures, isActive } from './structures.js';
import { flips, normalColumns, numbers, oneHot, tableFrom } from './tables.js';

function optionsOf(table: SearchTable, rest: Partial<ChainOptions> = {}, prior: Partial<StructurePrior> = {}): ChainOptions {
  return {
    prior: {
      inputs: table.inputs, outputs: table.outputs, forced: [], sparsity: table.inputs, unitRatio: 0.1, mostUnits: 0, ...prior,
    },
    start: emptyNetwork(table.outputs), climb: 50, burn: 200, steps: 3000, mostWeights: 120, ...rest,
  };
}

function run(table: SearchTable, options: ChainOptions, stream: Stream): ChainState {
  const steps = new Chain(table, options, stream).steps();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe('a chain without units', () => {
  const stream = Stream.fromSeed('linear');
  const columns = normalColumns(80, 6, stream);
  columns[3] = columns[3].map((value, n) => columns[0][n] + 0.5 * value);
  const f = columns[0].map((value, n) => value - 0.6 * columns[1][n]);
  const tables: [string, SearchTable][] = [
    ['two classes', tableFrom(columns, flips(f, stream), 'binary')],
    ['numbers', tableFrom(columns, numbers(f.map((value, n) => value + 2.5 * columns[5][n] * columns[4][n])), 'regression')],
  ];

  it.each(tables)('finds the probabilities that enumeration finds: %s', (_, table) => {
    const options = optionsOf(table, { steps: 9000 });
    const evaluator = new Evaluator(table);
    const logs: number[] = [];
    const masses = Array.from({ length: 6 }, (): number[] => []);
    for (const network of allStructures(6, 1, 0)) {
      for (let skip = -MOST_STEPS; skip <= (network.skips.length > 0 ? MOST_STEPS : -MOST_STEPS); skip++) {
        const scales = { ...CENTRE, skip };
        const { evidence } = fitNetwork(evaluator, network, slabsAt(table.likelihood, scales));
        const log = logPrior(network, options.prior) + logUsedScales(network, scales) + evidence;
        logs.push(log);
        masses.forEach((list, input) => { if (isActive(network, input)) list.push(log); });
      }
    }
    const total = logSumExp(logs);
    const { byEvidence, byVisits } = summarise([run(table, options, stream.split('chain'))], 6);
    masses.forEach((list, input) => {
      const exact = Math.exp(logSumExp(list) - total);
      expect(Math.abs(byEvidence[input] - exact)).toBeLessThan(0.05);
      expect(Math.abs(byVisits[input] - exact)).toBeLessThan(0.05);
    });
  });
});

/** Units are made as probable as not, so that all moves are taken often. */
const LIKELY = { unitRatio: 0.9, sparsity: 1 };

describe('a chain over all structures of a tiny table', () => {
  const stream = Stream.fromSeed('tiny');
  const columns = normalColumns(12, 3, stream);
  const labels = Array.from(columns[0], (value, n) => (value > 0 ? 1 : columns[1][n] > 0 ? 2 : 0));
  const noise = Float64Array.from(stream.split('y').normals(12));
  const tables: [string, SearchTable, Partial<StructurePrior>][] = [
    ['numbers', tableFrom(columns, numbers(noise), 'regression'), { ...LIKELY, mostUnits: 2 }],
    ['two classes', tableFrom(columns, flips(new Float64Array(12), stream), 'binary'), { ...LIKELY, mostUnits: 2 }],
    ['three classes', tableFrom(columns.slice(0, 2), oneHot(labels, 3), 'multiclass'), { ...LIKELY, mostUnits: 1 }],
  ];

  it.each(tables)('is at each as often as the evidence says: %s', (_, table, prior) => {
    const options = optionsOf(table, { steps: 30_000, burn: 8000, climb: 0, fixedScales: true }, prior);
    const { visited } = run(table, options, stream.split('chain'));
    const known = new Map(visited.map((each) => [keyOf(each.network), each]));
    const all = allStructures(table.inputs, table.outputs, prior.mostUnits!);
    const logs = all.map((network) => (known.get(keyOf(network))?.evidence ?? -Infinity) + logPrior(network, options.prior));
    const total = logSumExp(logs);
    const statistics: [string, (network: Network) => number][] = [
      ...columns.slice(0, table.inputs).flatMap((_each, input): [string, (network: Network) => number][] => [
        [`input ${input}`, (network) => Number(isActive(network, input))],
        [`skip of ${input}`, ({ skips }) => Number(skips.some((skip) => skip.input === input))],
        [`edges of ${input}`, ({ units }) => units.filter(({ inputs }) => inputs.includes(input)).length],
      ]),
      ['no unit', ({ units }) => Number(units.length === 0)], ['one unit', ({ units }) => Number(units.length === 1)],
      ['two like units', ({ units }) => Number(units.length === 2 && units[0].inputs.join() === units[1].inputs.join())],
      ['skips to the first output', ({ skips }) => skips.filter(({ mask }) => mask & 1).length / 3],
      ['units of two inputs', ({ units }) => units.filter(({ inputs }) => inputs.length === 2).length],
    ];
    expect(logs.filter((log) => log === -Infinity).length).toBeLessThan(0.3 * all.length);
    const differences = statistics.map(([name, of]) => {
      const exact = all.reduce((sum, network, at) => sum + Math.exp(logs[at] - total) * of(network), 0);
      const found = visited.reduce((sum, { network, visits }) => sum + visits / options.steps * of(network), 0);
      return [name, found - exact, exact] as const;
    });
    // 30,000 steps of a chain that moves at every few.
    expect(differences.filter(([, difference]) => Math.abs(difference) > 0.05)).toEqual([]);
  });
});

describe('a chain that was stopped', () => {
  it('goes on as if it had not been', () => {
    const stream = Stream.fromSeed('resume');
    const columns = normalColumns(40, 3, stream);
    const table = tableFrom(columns, flips(columns[0].map((value) => value ** 2 - 1), stream), 'binary');
    const options = optionsOf(table, { climb: 30, burn: 30, steps: 150 }, { mostUnits: 3, unitRatio: 0.5 });
    const whole = run(table, options, stream.split('chain'));
    const first = new Chain(table, options, stream.split('chain'));
    const steps = first.steps();
    for (let step = 0; step < 100; step++) steps.next();
    const saved = structuredClone(first.snapshot());
    const rest = new Chain(table, options, stream.split('chain'), { from: saved }).steps();
    for (;;) {
      const { done, value } = rest.next();
      if (!done) continue;
      expect(value).toEqual(whole);
      return;
    }
  });
});
