import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvTable, shortFloat32 } from '../../../src/data/write-csv.js';
import { withVerdict } from '../../../src/inference/inclusion/verdict.js';
import { historyTable, readHistoryRows } from '../../../src/store/history.js';
import {
  inputsTable, nodesTable, readInputs, readSetRows, recordsTable, setsTable, weightsTable,
} from '../../../src/store/tables.js';
import { readSplits, splitsTable } from '../../../src/store/splits.js';
import type { Encoder, InputSet } from '../../../src/types.js';
import { course } from '../../helpers/run-state.js';
import { posteriorOfLayers } from '../../helpers/gated-layers.js';

describe('CSV', () => {
  it('reads back as it was written, whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'ü', '\t', '#') });
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      expect(parse(csvTable(['x', 'y'], rows))).toEqual([['x', 'y'], ...rows]);
    }));
  });

  it('writes numbers that read back exactly', () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), (value) => {
      const [[cell]] = parse(csvTable(['x'], [[value]]), { from: 2 });
      expect(Number(cell)).toBe(value + 0 === 0 ? 0 : value);
    }));
    expect(csvTable(['x', 'y'], [[NaN, -0]])).toBe('x,y\n,0\n');
  });

  it('shortens float32 without losing a bit of it', () => {
    expect(shortFloat32(Math.fround(0.1))).toBe(0.1);
    fc.assert(fc.property(fc.float(), (value) => {
      expect(Object.is(Math.fround(shortFloat32(value)), value)).toBe(true);
    }));
  });
});

describe('the tables of a run', () => {
  const header = 'input,pip,pip_network,pip_min,pip_max,mc_se,linear,nonlinear,nonlinear_se,verdict,unstable,kept\n';

  it('inputs: by descending PIP, ties in file order, and back', () => {
    const inputs = [
      { input: 'b', pip: 0.25, pipNetwork: 0.2, pipMin: 0, pipMax: 0.5, mcSe: 0.01 },
      { input: 'a, "x"', pip: 1, pipNetwork: 1, pipMin: 1, pipMax: 1 },
      { input: 'c', pip: 0.25, pipNetwork: 0.3, pipMin: 0.1, pipMax: 0.7, mcSe: 0 },
    ].map(withVerdict);
    const text = inputsTable(inputs);
    expect(text).toBe(`${header}"a, ""x""",1,1,1,1,0,,,,,false,false\nb,0.25,0.2,0,0.5,0.01,,,,,false,false\n` +
      'c,0.25,0.3,0.1,0.7,0,,,,,true,false\n');
    expect(readInputs(text, 'f')).toEqual([{ ...inputs[1], mcSe: 0 }, inputs[0], inputs[2]]);
  });

  it('inputs: with their verdicts, and back', () => {
    const inputs = [
      { input: 'a', pip: 1, pipNetwork: 1, pipMin: 1, pipMax: 1, mcSe: 0, linear: 0.25, nonlinear: 0.75, nonlinearSe: 0.01 },
      { input: 'b', pip: 0.75, pipNetwork: 1, pipMin: 0, pipMax: 1, mcSe: 0, linear: 0.5, nonlinear: 0.25, nonlinearSe: 0 },
      { input: 'c', pip: 0.625, pipNetwork: 1, pipMin: 0.5, pipMax: 1, mcSe: 0, linear: 0.3125, nonlinear: 0.3125, nonlinearSe: 0, kept: true as const },
    ].map(withVerdict);
    const text = inputsTable(inputs);
    expect(text).toBe(`${header}a,1,1,1,1,0,0.25,0.75,0.01,nonlinear,false,false\nb,0.75,1,0,1,0,0.5,0.25,0,linear,true,false\n` +
      'c,0.625,1,0.5,1,0,0.3125,0.3125,0,zero,false,true\n');
    expect(readInputs(text, 'f')).toEqual(inputs);
  });

  it('inputs: as earlier versions wrote them', () => {
    const [row] = readInputs('input,pip,pip_network,pip_min,pip_max,mc_se\nx,0.5,1,0.25,1,0\n', 'f');
    expect(row).toEqual({ input: 'x', pip: 0.5, pipNetwork: 1, pipMin: 0.25, pipMax: 1, mcSe: 0, unstable: true });
  });

  it.each([
    '', 'input,pip\nx,1\n', `${header}x,one,1,0,1,0,,,,,false\n`, `${header}x,,1,0,1,0,,,,,false\n`, `${header}x,1,0\n`,
    `${header}x,1,1,-0.1,1,0,,,,,false\n`, `${header}x,1,2,0,1,0,,,,,false\n`, `${header}x,1,1,0,1,0,0.5,1.5,0,linear,false\n`,
    `${header}x,1,1,0,1,0,0.5,,0,linear,false\n`, 'input,pip,pip_network,pip_min,pip_max,mc_se\nx,2,1,0,1,0\n',
  ])('inputs: refuses %j', (text) => {
    expect(() => readInputs(text, 'runs/a/inclusion/inputs.csv')).toThrow(/^runs\/a\/inclusion\/inputs\.csv: not as bnnc wrote it/);
  });

  it('sets: a row for each input of each set, and back', () => {
    const sets: InputSet[] = [
      { source: 'linear', inputs: [{ input: 'a, "x"', probability: 0.7 }, { input: 'b', probability: 0.26 }], purity: 0.98, logBayesFactor: 31.25 },
      { source: 'network', inputs: [{ input: 'a, "x"', probability: 1 }], purity: 1 },
    ];
    const table = setsTable(sets);
    expect(table).toBe('set,source,input,probability,purity,log_bayes_factor\n1,linear,"a, ""x""",0.7,0.98,31.25\n' +
      '1,linear,b,0.26,0.98,31.25\n2,network,"a, ""x""",1,1,\n');
    expect(readSetRows(table, 'f')).toEqual(sets);
    expect(readSetRows(setsTable([]), 'f')).toEqual([]);
  });

  it.each(['1,linear,a,1.5,1,2', '1,linear,a,,1,2', '1,other,a,1,1,2', '2,linear,a,1,1,2', '1,linear,a,1,1.5,2', '1,linear,a,1,1,x', '1,linear,a'])(
    'sets: refuses %j', (row) => {
      const text = `set,source,input,probability,purity,log_bayes_factor\n${row}\n`;
      expect(() => readSetRows(text, 'runs/a/inclusion/sets.csv')).toThrow(/^runs\/a\/inclusion\/sets\.csv: not as bnnc wrote it/);
    });

  it('nodes: by layer, then descending PIP', () => {
    expect(nodesTable([[0.2, 0.9], [1]], [[0.01, 0.02], [0]]))
      .toBe('layer,node,pip,mc_se\n1,h1.2,0.9,0.02\n1,h1.1,0.2,0.01\n2,h2.1,1,0\n');
  });

  it('weights: names, PIP z alpha, mean and sd of a point mass beside a Gaussian', () => {
    const f = (...values: number[]): Float32Array => Float32Array.from(values);
    const posterior = posteriorOfLayers({
      task: 'binary', activation: 'tanh', gates: 'both', noiseVariance: 1,
      layers: [
        {
          inputs: 2, outputs: 2, mu: f(1, 2, 3, 4), sigma: f(0.5, 0.5, 0.5, 0.5), alpha: f(1, 0.5, 1, 0), z: f(0.5),
          group: Int32Array.of(0, 0), biasMu: f(0, 0), biasSigma: f(1, 1), node: 0.5, prior: { edge: 0.5, tau: 1 },
        },
        {
          inputs: 2, outputs: 1, mu: f(1, 0), sigma: f(0, 1), alpha: f(1, 1), z: f(1, 0.25), group: Int32Array.of(0, 1),
          biasMu: f(0), biasSigma: f(1), node: 0.5, prior: { edge: 0.5, tau: 1 },
        },
      ],
    });
    const column = (name: string): Encoder['features'][0]['columns'][0] => ({ name, type: 'level', level: name, mean: 0, scale: 1 });
    const encoder: Encoder = {
      schemaVersion: 1, features: [{ name: 'sex', kind: 'categorical', columns: [column('sex=f'), column('sex=m')] }],
      target: { name: 'y', task: 'binary', levels: ['no', 'yes'] }, missing: [], dropped: [],
    };
    const sd = (pip: number, mu: number, sigma: number): number =>
      shortFloat32(Math.sqrt(pip * (sigma ** 2 + mu ** 2) - (pip * mu) ** 2));
    expect(weightsTable(posterior, encoder)).toBe([
      'layer,from,to,pip,mean,sd',
      `1,sex=f,h1.1,0.5,0.5,${sd(0.5, 1, 0.5)}`,
      `1,sex=m,h1.1,0.5,1.5,${sd(0.5, 3, 0.5)}`,
      `1,sex=f,h1.2,0.25,0.5,${sd(0.25, 2, 0.5)}`,
      '1,sex=m,h1.2,0,0,0',
      '2,h1.1,y=yes,1,1,0',
      '2,h1.2,y=yes,0.25,0,0.5',
      '',
    ].join('\n'));
  });

  it('splits: in the order of the rows, and back', () => {
    const splits = { train: Int32Array.of(3, 0, 4), validation: Int32Array.of(), test: Int32Array.of(2) };
    const text = splitsTable(splits).toString();
    expect(text).toBe('row,split\n0,train\n2,test\n3,train\n4,train\n');
    expect(readSplits(text, 'f')).toEqual({ ...splits, train: Int32Array.of(0, 3, 4) });
    for (const bad of ['1,toString\n', '1,test', '1,test\n\n2,test\n', '-1,test\n', '1,test,2\n']) {
      expect(() => readSplits(`row,split\n${bad}`, 'f')).toThrow(/not as bnnc wrote it/);
    }
    expect(() => readSplits('row,part\n1,test\n', 'f')).toThrow(/the header should be row,split/);
  });

  it('records: the keys are the header', () => {
    expect(recordsTable([{ epoch: 1, elbo: -3.5 }, { epoch: 2, elbo: NaN }])).toBe('epoch,elbo\n1,-3.5\n2,\n');
  });
});

describe('history.csv', () => {
  const fits = [course('restart 1', { rows: 3 }), course('weight gates, restart 1', { rows: 2 })];

  it('is read back as it was written', () => {
    expect(readHistoryRows(historyTable(fits), 'history.csv')).toEqual(fits);
  });

  it('is refused when a number is missing', () => {
    const text = historyTable(fits).replace(/,20,/, ',,');
    expect(() => readHistoryRows(text, 'history.csv')).toThrow(/history\.csv: not as bnnc wrote it: fit 'restart 1'/);
  });
});
