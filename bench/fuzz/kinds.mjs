// What is changed, and what is done with it. A case places files in `in/`; the deed uses them, and may write below `out/`.
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { compareRuns, inspect, listRuns, openModel, predict, prune, report, train, validate } from 'bnnc';
import { stringify } from 'yaml';
import { configsOf, TARGETS } from './base.mjs';
import { mutateDocument } from './document.mjs';
import { csvCells, lineCells, parquetCells } from './cells.mjs';
import { mutateBytes, mutateOften, pick } from './mutate.mjs';

/** A fault of the program: what it did though it should not. */
export class Fault extends Error {}

const QUICK = ['train.epochs=2', 'train.restarts=1', 'train.reference=false', 'model.hidden=[2]', 'search.steps=5', 'inclusion.rescues=0'];
const sha256 = (content) => createHash('sha256').update(content).digest('hex');
const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true }).map(String).filter((name) => statSync(path.join(folder, name)).isFile()).sort();
const often = (bytes, stream) => mutateOften(bytes, stream, 2);
const targetOf = (stream) => pick(Object.keys(TARGETS), stream);

/** @throws Fault where a number is none */
export function checkFinite(value, where) {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Fault(`${where} has ${value}`);
  if (typeof value === 'object' && value !== null) for (const [key, each] of Object.entries(value)) checkFinite(each, `${where}.${key}`);
}

/** @param {any} model @param {string} rows a file */
async function predictions(model, rows, options = {}) {
  const all = [];
  for await (const each of predict(model, rows, options)) all.push(each);
  checkFinite(all, 'a prediction');
  return all;
}

const known = new Map();
/** What the sound model or run predicts, to the last digit. */
async function soundly(base, name, target, options) {
  if (!known.has(name)) known.set(name, JSON.stringify(await predictions(path.join(base, name), path.join(base, `${target}.csv`), options)));
  return known.get(name);
}

/**
 * A table, changed by its bytes or by its cells, at times gzipped (before or after).
 * @param {(bytes: Buffer, stream: object) => { bytes: Buffer, how: string }} byBytes
 * @param {(file: string, stream: object) => { bytes: Buffer, how: string }} byCells
 */
const table = (ending, byBytes, byCells) => ({
  place({ base, folder, stream }) {
    const target = targetOf(stream);
    const file = path.join(base, `${target}.${ending}`);
    const { bytes, how } = stream.integer(2) === 0 ? byBytes(readFileSync(file), stream) : byCells(file, stream);
    const packed = stream.integer(6);
    const [content, name] = packed === 0 ? [gzipSync(bytes), `t.${ending}.gz`]
      : packed === 1 ? [mutateBytes(gzipSync(bytes), stream).bytes, `t.${ending}.gz`] : [bytes, `t.${ending}`];
    writeFileSync(path.join(folder, 'in', name), content);
    return { how, target, name, deed: pick(['inspect', 'validate', 'predict', 'predict'], stream) };
  },
  async run({ base, folder }, { target, name, deed }) {
    const file = path.join(folder, 'in', name);
    if (deed === 'inspect') await inspect(file);
    else if (deed === 'validate') await validate({ data: file, target });
    else await predictions(path.join(base, `model-${target}`), file);
  },
  args: ({ base, folder }, { target, name, deed }) => {
    const file = path.join(folder, 'in', name);
    return { inspect: ['inspect', file], validate: ['validate', '--data', file, '--target', target], predict: ['predict', path.join(base, `model-${target}`), file] }[deed];
  },
});

/** Another form of a parquet file than bnnc writes. */
const parquet = {
  place({ base, folder, stream }) {
    const name = pick(readdirSync(path.join(base, 'parquet')), stream);
    const { bytes, how } = mutateOften(readFileSync(path.join(base, 'parquet', name)), stream);
    writeFileSync(path.join(folder, 'in', 't.parquet'), bytes);
    return { how };
  },
  run: ({ folder }) => inspect(path.join(folder, 'in', 't.parquet')),
  args: ({ folder }) => ['inspect', path.join(folder, 'in', 't.parquet')],
};

/** A config as text, changed by its keys or its bytes. What passes is trained at times, with little work. */
const config = {
  place({ base, folder, stream }) {
    const { text, how } = mutateDocument(pick(configsOf(base), stream), stream, 2);
    const form = stream.integer(3);
    const name = form === 0 ? 'c.json' : 'c.yaml';
    let bytes = Buffer.from(text);
    // JSON is YAML, too; where it can be said, in the style of YAML.
    if (form === 2) try { bytes = Buffer.from(stringify(JSON.parse(text))); } catch { /* It stays as it is. */ }
    const more = stream.integer(4) === 0 ? mutateBytes(bytes, stream) : { bytes, how: '' };
    writeFileSync(path.join(folder, 'in', name), more.bytes);
    return { how: `${how}, ${more.how}`, name, trains: stream.integer(12) === 0 };
  },
  async run({ folder }, { name, trains }) {
    const [file, cwd] = [path.join(folder, 'in', name), path.join(folder, 'out')];
    await validate({ config: file, cwd });
    if (trains) await train({ config: file, sets: QUICK, jobs: 1, engine: 'wasm', out: 'run', cwd });
  },
  args: ({ folder }, { name }) => ['validate', '-c', path.join(folder, 'in', name)],
};

/** A copy of a run with one file changed. @param honest the manifest has the checksums of the changed files */
const runFolder = (honest) => ({
  place({ base, folder, stream }) {
    const target = targetOf(stream);
    const run = path.join(folder, 'in', 'run');
    cpSync(path.join(base, `run-${target}`), run, { recursive: true });
    const name = pick(filesBelow(run), stream);
    const how = changeFile(path.join(run, name), stream);
    if (!honest && name !== 'manifest.json') {
      const manifest = JSON.parse(readFileSync(path.join(run, 'manifest.json'), 'utf8'));
      const bytes = readFileSync(path.join(run, name));
      Object.assign(manifest.files[name] ?? {}, { bytes: bytes.length, sha256: sha256(bytes) });
      writeFileSync(path.join(run, 'manifest.json'), JSON.stringify(manifest));
    }
    return { how: `${name}: ${how}`, target, deed: pick(['predict', 'predict', 'inspect', 'prune', 'report', 'compare', 'runs'], stream) };
  },
  async run({ base, folder }, { target, deed }) {
    const [run, data] = [path.join(folder, 'in', 'run'), path.join(base, `${target}.csv`)];
    if (deed === 'predict') {
      const options = /** @type {const} */ ({ engine: 'wasm', draws: 4 });
      const [sound, own] = [await soundly(base, `run-${target}`, target, options), await predictions(run, data, options)];
      if (honest && JSON.stringify(own) !== sound) throw new Fault('it predicts something else without a word');
    } else if (deed === 'inspect') await inspect(run);
    else if (deed === 'report') await report(run);
    else if (deed === 'compare') await compareRuns(run, path.join(base, `run-${target}`), { engine: 'wasm' });
    else if (deed === 'runs') await listRuns(path.join(folder, 'in'));
    else {
      const { model } = await prune(run, { engine: 'wasm', formats: ['json'], out: path.join(folder, 'out', 'small'), threshold: 0.3 });
      await predictions(model, data);
    }
  },
  args: ({ base, folder }, { target, deed }) => {
    const run = path.join(folder, 'in', 'run');
    if (deed === 'predict') return ['predict', run, path.join(base, `${target}.csv`), '--draws', '4', '--engine', 'wasm'];
    return deed === 'prune' ? ['prune', run, '-o', path.join(folder, 'out', 'small'), '--format', 'json', '--engine', 'wasm'] : ['inspect', run];
  },
});

/** By its keys where it is a document, else by its bytes. @returns {string} how */
function changeFile(file, stream) {
  const bytes = readFileSync(file);
  if (file.endsWith('.json') && stream.integer(3) > 0) {
    const { text, how } = mutateDocument(JSON.parse(bytes.toString()), stream);
    writeFileSync(file, text);
    return how;
  }
  const { bytes: other, how } = mutateBytes(bytes, stream);
  writeFileSync(file, other);
  return how;
}

/** A run that was interrupted, with a file of it changed, goes on. */
const checkpoint = {
  place({ base, folder, stream }) {
    const run = path.join(folder, 'out', 'run');
    cpSync(path.join(base, 'interrupted'), run, { recursive: true });
    const name = pick(filesBelow(run).filter((each) => !each.includes('lock')), stream);
    return { how: `${name}: ${changeFile(path.join(run, name), stream)}` };
  },
  run: ({ folder }) => train({ resume: path.join(folder, 'out', 'run'), jobs: 1, engine: 'wasm' }),
  args: ({ folder }) => ['train', '--resume', path.join(folder, 'out', 'run'), '-q', '--jobs', '1', '--engine', 'wasm'],
};

/** A model in one file that bnnc reads. @param change gives the changed bytes @param honest its checksum is left as it was */
const model = (name, change, honest) => ({
  place({ base, folder, stream }) {
    const target = targetOf(stream);
    const { bytes, how } = change(readFileSync(path.join(base, `model-${target}`, name)), stream);
    writeFileSync(path.join(folder, 'in', name), bytes);
    return { how, target };
  },
  async run({ base, folder }, { target }) {
    const sound = await soundly(base, path.join(`model-${target}`, name), target);
    const opened = await openModel(path.join(folder, 'in', name));
    const own = JSON.stringify(await predictions(opened, path.join(base, `${target}.csv`)));
    if (honest && own !== sound) throw new Fault('it predicts something else without a word');
  },
  args: ({ base, folder }, { target }) => ['predict', path.join(folder, 'in', name), path.join(base, `${target}.csv`)],
});

const byKeys = (bytes, stream) => {
  const { text, how } = mutateDocument(JSON.parse(bytes.toString()), stream);
  return { bytes: Buffer.from(text), how };
};
/** As somebody would who means it: the checksum is left out. */
const unsigned = (bytes, stream) => {
  const { sha256: _sum, ...rest } = JSON.parse(bytes.toString());
  const { text, how } = mutateDocument(rest, stream, 2);
  return { bytes: Buffer.from(text), how };
};
const unsignedTensors = (bytes, stream) => {
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  delete header.__metadata__.sha256;
  // The document of the model is a text within the header.
  const inner = Object.entries(header.__metadata__).filter(([, value]) => value.startsWith('{'));
  const within = inner.length > 0 && stream.integer(2) === 0;
  const { text, how } = mutateDocument(within ? JSON.parse(inner[0][1]) : header, stream, 2);
  if (within) header.__metadata__[inner[0][0]] = text;
  const head = Buffer.from(within ? JSON.stringify(header) : text);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  return { bytes: Buffer.concat([size, head, bytes.subarray(8 + length)]), how };
};

/** A folder with models in all formats, one file changed: `inspect` compares what bnnc does not read with the checksums. */
const modelFolder = {
  place({ base, folder, stream }) {
    const target = targetOf(stream);
    const [from, small] = [path.join(base, `model-${target}`), path.join(folder, 'in', 'small')];
    mkdirSync(small);
    cpSync(from, small, { recursive: true });
    const name = pick(filesBelow(small), stream);
    const how = changeFile(path.join(small, name), stream);
    const same = readFileSync(path.join(small, name)).equals(readFileSync(path.join(from, name)));
    return { how: `${name}: ${how}`, name, same };
  },
  async run({ folder }, { name, same }) {
    await inspect(path.join(folder, 'in', 'small'));
    if (!same && /^(model|tfjs|savedmodel)[./]/.test(name)) throw new Fault(`${name} has changed without a word`);
  },
  args: ({ folder }) => ['inspect', path.join(folder, 'in', 'small')],
};

/** Each with the share of the cases. */
export const KINDS = {
  CSV: { share: 0.2, ...table('csv', often, csvCells) },
  'JSON Lines': { share: 0.12, ...table('jsonl', often, lineCells) },
  'Parquet as bnnc writes it': { share: 0.1, ...table('parquet', often, parquetCells) },
  'Parquet of other writers': { share: 0.06, ...parquet },
  'configs in YAML and JSON': { share: 0.2, ...config },
  'run folders': { share: 0.07, ...runFolder(true) },
  'run folders with mended checksums': { share: 0.06, ...runFolder(false) },
  'interrupted runs': { share: 0.02, ...checkpoint },
  'bytes of model.json': { share: 0.04, ...model('model.json', mutateBytes, true) },
  'keys of model.json': { share: 0.03, ...model('model.json', byKeys, true) },
  'model.json without checksum': { share: 0.03, ...model('model.json', unsigned, false) },
  'model.safetensors': { share: 0.03, ...model('model.safetensors', mutateBytes, true) },
  'model.safetensors without checksum': { share: 0.02, ...model('model.safetensors', unsignedTensors, false) },
  'folders with models in all formats': { share: 0.02, ...modelFolder },
};
