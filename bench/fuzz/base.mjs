// The sound files that are changed: tables in every format, configs, a run of each task with its exports, and an interrupted one.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { prune, train } from 'bnnc';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** @type {import('bnnc').PruneOptions['formats']} */
const FORMATS = ['onnx', 'json', 'js', 'safetensors', 'tfjs', 'savedmodel'];
/** @type {import('bnnc').TrainOptions} */
const QUICK = {
  jobs: 1, engine: 'wasm', search: { steps: 20 }, inclusion: { rescues: 0 }, model: { hidden: [3] },
  train: { epochs: 60, restarts: 1, reference: false },
};

/** What a model of each target predicts by. */
export const TARGETS = { species: 'penguins', progression: 'diabetes' };

/** Writes all into an empty folder. */
export async function makeBase(folder) {
  for (const [target, name] of Object.entries(TARGETS)) {
    const lines = readFileSync(path.join(ROOT, 'datasets', `${name}.csv`), 'utf8').trim().split('\n');
    // From all over the table: that of the penguins is sorted.
    const some = [lines[0], ...lines.slice(1).filter((_line, n) => n % Math.floor(lines.length / 80) === 0)];
    const rows = some.slice(1).map((line) => Object.fromEntries(line.split(',').map((cell, c) => [lines[0].split(',')[c], cell])));
    writeFileSync(path.join(folder, `${target}.csv`), `${some.join('\n')}\n`);
    writeFileSync(path.join(folder, `${target}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const columnData = Object.keys(rows[0]).map((column) => ({ name: column, data: rows.map((row) => row[column]) }));
    writeFileSync(path.join(folder, `${target}.parquet`), new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 30 })));
    const run = path.join(folder, `run-${target}`);
    await train({ ...QUICK, data: path.join(folder, `${target}.csv`), target, out: run });
    await prune(run, { formats: FORMATS, out: path.join(folder, `model-${target}`), engine: 'wasm', threshold: 0.1 });
  }
  mkdirSync(path.join(folder, 'parquet'));
  const fixtures = path.join(ROOT, 'test/fixtures/tables');
  for (const name of readdirSync(fixtures)) if (name.endsWith('.parquet')) cpSync(path.join(fixtures, name), path.join(folder, 'parquet', name));
  await interrupt(folder);
}

/** A run that was stopped in its midst, and can go on. */
async function interrupt(folder) {
  const controller = new AbortController();
  const { signal } = controller;
  const onProgress = ({ epoch, epochs }) => { if (epoch > epochs / 2) controller.abort(); };
  const options = { ...QUICK, train: { ...QUICK.train, epochs: 150 }, data: path.join(folder, 'progression.csv'), target: 'progression' };
  await train({ ...options, out: path.join(folder, 'interrupted'), signal, onProgress }).then(
    () => { throw new Error('it was not interrupted'); },
    (error) => { if (error.problems?.[0].code !== 'interrupted.checkpoint') throw error; },
  );
}

/** Configs whose keys are changed, of a table in the folder of the base. */
export const configsOf = (base) => [
  { data: { path: path.join(base, 'species.csv'), target: 'species' }, model: { hidden: [4, 2] } },
  {
    data: {
      path: path.join(base, 'species.jsonl'), target: 'species', missing: ['', 'NA'], minLevel: 2, classWeights: 'balanced',
      columns: { sex: { kind: 'categorical' }, island: { kind: 'ordinal', levels: ['Biscoe', 'Dream', 'Torgersen'] } }, unlabelled: 'drop',
    },
    model: { hidden: [2], gates: 'node' }, prior: { inclusion: 0.2, slabScale: 1 }, search: { steps: 0 },
  },
  {
    data: {
      path: path.join(base, 'progression.csv'), target: 'progression', task: 'student', decimal: '.', delimiter: ',', weights: 's6_glu',
      columns: { sex: { kind: 'categorical' }, age: { keep: true }, bmi: { prior: 0.3 }, bp: { kind: 'ignore' } },
      groups: { serum: ['s1_tc', 's2_ldl'] }, split: { test: 0.2, validation: 0.1 }, limits: { columns: 100, line: 10_000 },
    },
    model: { hidden: [3], skip: true, activation: 'relu' }, prior: { spike: 'dirac' }, train: { epochs: 20, seed: 3, restarts: 2 },
    inclusion: { rescues: 0, flips: 1 }, search: { steps: 10 },
  },
  {
    data: { path: path.join(base, 'progression.csv'), target: 'progression', task: 'counts', exposure: 's3_hdl', split: { group: 'age' } },
    prior: { spike: 'gaussian', spikeScale: 0.1 }, train: { batch: 16 },
  },
];
