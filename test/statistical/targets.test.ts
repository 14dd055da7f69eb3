/** Of every kind of target: inputs that were planted are found, and nothing else; exports predict what bnnc predicts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode, recordTable } from '../../src/data/index.js';
import { predict, prune, train, type Prediction } from '../../src/index.js';
import { Stream } from '../../src/random.js';
import { runOnnx, runOnnxColumns } from '../helpers/onnxruntime.js';

type Row = Record<string, number | string>;

const ROWS = 400;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const PLANTED = ['a', 'c'];

interface Kind {
  task: string;
  sets?: string[];
  /** Of a row whose signal is s: about 0.8 of its variance in a and 0.5 in |c|. */
  target(s: number, own: Stream, a: number): Row;
  /** Where there are several. */
  targets?: string[];
}

const poisson = (mean: number, own: Stream): number => {
  let count = 0;
  for (let product = own.uniform(); product >= Math.exp(-mean); product *= own.uniform()) count++;
  return count;
};
const exponential = (own: Stream): number => -Math.log1p(-own.uniform());
const normal = (own: Stream): number => own.normals(1)[0];
const logistic = (own: Stream): number => { const u = own.uniform() + 2 ** -33; return Math.log(u / (1 - u)); };

/** A time, or the time until which it had not come. */
function seen(time: number, own: Stream): Row {
  const last = 6 * exponential(own);
  return { y: Math.min(time, last) + 1e-6, seen: Number(time <= last) };
}

const KINDS: Kind[] = [
  { task: 'poisson', sets: ['data.exposure=days'], target: (s, own) => { const days = 0.5 + 3 * own.uniform(); return { y: poisson(days * Math.exp(s), own), days }; } },
  { task: 'counts', target: (s, own) => ({ y: poisson(2 * Math.exp(s) * (exponential(own) + exponential(own)) / 2, own) }) },
  { task: 'weibull', sets: ['data.event=seen'], target: (s, own) => seen(Math.exp(s + 0.6 * Math.log(exponential(own))), own) },
  { task: 'log-normal', sets: ['data.event=seen'], target: (s, own) => seen(Math.exp(s + 0.6 * normal(own)), own) },
  { task: 'student', target: (s, own) => ({ y: 10 * s + 5 * normal(own) / Math.sqrt((exponential(own) + exponential(own)) / 2) }) },
  { task: 'varying', target: (s, own) => ({ y: 3 + s + 0.5 * normal(own) }) },
  { task: 'several', targets: ['y', 'z'], target: (s, own, a) => ({ y: 3 + s + 0.5 * normal(own), z: 1000 - 50 * (a + normal(own)) }) },
  { task: 'log-regression', target: (s, own) => ({ y: Math.exp(s + 0.5 * normal(own)) }) },
  { task: 'ordinal', target: (s, own) => { const z = 2.5 * s + logistic(own); return { y: z < -1 ? 1 : z < 1 ? 2 : z < 3 ? 3 : 4 }; } },
];

function rowsOf({ task, target }: Kind): Row[] {
  const stream = Stream.fromSeed(`targets ${task}`);
  const x = stream.split('x').normals(ROWS * NAMES.length);
  return Array.from({ length: ROWS }, (_, n) => {
    const inputs = Object.fromEntries(NAMES.map((name, c) => [name, x[n * NAMES.length + c]]));
    return { ...inputs, ...target(0.8 * inputs.a + 0.8 * (Math.abs(inputs.c) - 0.8), stream.split('row', n), inputs.a) };
  });
}

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'bnnc-targets-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an export gives for a row: a number, or one of each target, or the probabilities of the classes. */
const numbersOf = ({ value, probabilities, targets }: Prediction): number[] =>
  (targets ? Object.values(targets).map((each) => each.value) : probabilities ? Object.values(probabilities) : [value]);

describe.each(KINDS)('$task', (kind) => {
  const rows = rowsOf(kind);

  it('finds what was planted, by the linear part, by the chain and by the network; exports predict the same', async () => {
    const { task, sets = [], targets: several } = kind;
    const run = await train({
      rows, target: several ?? 'y', jobs: 1, seed: 1, sets: [`data.task=${task}`, ...sets], model: { hidden: [4] },
      train: { epochs: 600, restarts: 1, reference: false }, search: { steps: 400 },
    });
    expect(run.inputs.filter(({ pip }) => pip > 0.5).map(({ input }) => input)).toEqual(PLANTED);
    const small = await prune(run, { formats: ['json', 'onnx', 'js'] });
    const bytes = (name: string): Uint8Array => small.files.find(({ file }) => file === name)!.bytes;
    // For an exposure of 1, and without what is not known beforehand.
    const fresh = rows.slice(0, 40).map((row) => Object.fromEntries(NAMES.map((name) => [name, row[name]])));
    const own = (await predict(small, fresh)).map(numbersOf);
    const { x } = encode(recordTable(fresh, { columns: PLANTED, missing: [] }), small.model.encoder, undefined, { target: 'none' });
    const { data } = await runOnnx(bytes('model.onnx'), x);
    const { files: [raw] } = await prune(run, { formats: ['onnx'], onnxInput: 'raw' });
    const columns = Object.fromEntries(PLANTED.map((name) => [name, fresh.map((row) => row[name] as number)]));
    const { data: fromCells } = await runOnnxColumns(raw.bytes, columns);
    const file = join(folder, `${task}.mjs`);
    writeFileSync(file, bytes('model.mjs'));
    const module = await import(/* @vite-ignore */ pathToFileURL(file).href) as
      { predict(row: object): { prediction?: number } & Partial<Record<'probabilities' | 'predictions', Record<string, number>>> };
    own.forEach((values, n) => {
      const { prediction, probabilities, predictions } = module.predict(fresh[n]);
      const exported = prediction === undefined ? Object.values((probabilities ?? predictions)!) : [prediction];
      values.forEach((value, k) => {
        const near = (other: number): void => expect(Math.abs(other - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
        near(exported[k]);
        near(data[n * values.length + k]);
        near(fromCells[n * values.length + k]);
      });
    });
  });
});
