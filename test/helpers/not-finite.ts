/** A search through the files of runs and of exported models for numbers that are not finite. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import protobuf from 'protobufjs/light.js';
import { parse as parseYaml } from 'yaml';
import { readSafetensors } from '../../src/export/index.js';

/** Places of JSON whose `null` is no lost number: what TensorFlow.js asks for in its models. */
const NULLS = /\.(convertedBy|batch_input_shape\.0)$/;

const WORD = /^[+-]?(nan|inf(inity)?)$/i;
/** In code and pages: an item of a list or an object. */
const ITEM = /[[,:]\s*(null|NaN|-?Infinity)\s*(?=[,\]}])/g;

type Found = string[];

/** Places within a value that are null, or numbers or texts that are not finite. */
function inValue(value: unknown, at = ''): Found {
  if (value === null) return NULLS.test(at) ? [] : [`${at} null`];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${at} ${value}`];
  if (typeof value === 'string') return WORD.test(value) ? [`${at} ${value}`] : [];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => inValue(item, `${at}.${key}`));
}

const inNumbers = (name: string, numbers: ArrayLike<number>): Found =>
  Array.from(numbers).flatMap((number, at) => (Number.isFinite(number) ? [] : [`${name}[${at}] ${number}`]));

/** Numbers from little-endian bytes, wherever they begin. */
function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

const onnx = protobuf.Root.fromJSON({ nested: {
  Model: { fields: { graph: { type: 'Graph', id: 7 }, metadata: { type: 'Entry', id: 14, rule: 'repeated' } } },
  Entry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
  Graph: { fields: { initializer: { type: 'Tensor', id: 5, rule: 'repeated' } } },
  Tensor: { fields: { dataType: { type: 'int32', id: 2 }, name: { type: 'string', id: 8 }, rawData: { type: 'bytes', id: 9 } } },
} });
const [FLOAT, DOUBLE] = [1, 11];

interface Decoded {
  graph: { initializer: { name: string; dataType: number; rawData: Uint8Array }[] };
  metadata: { key: string; value: string }[];
}

function inOnnx(bytes: Uint8Array): Found {
  const { graph, metadata } = onnx.lookupType('Model').decode(bytes) as unknown as Decoded;
  return [
    ...graph.initializer.flatMap(({ name, dataType, rawData }) => {
      if (dataType === FLOAT) return inNumbers(name, floats(rawData));
      return dataType === DOUBLE ? inNumbers(name, new Float64Array(Uint8Array.from(rawData).buffer)) : [];
    }),
    ...metadata.flatMap(({ key, value }) => inText(key, value)),
  ];
}

/** Metadata: JSON, or a text. */
function inText(key: string, text: string): Found {
  try {
    return inValue(JSON.parse(text), key);
  } catch {
    return inValue(text, key);
  }
}

/** Constants of a graph of TensorFlow. */
const graph = protobuf.Root.fromJSON({ nested: {
  SavedModel: { fields: { meta: { type: 'Meta', id: 2, rule: 'repeated' } } },
  Meta: { fields: { graph: { type: 'Graph', id: 2 } } },
  Graph: { fields: { node: { type: 'Node', id: 1, rule: 'repeated' } } },
  Node: { fields: {
    name: { type: 'string', id: 1 }, op: { type: 'string', id: 2 }, attr: { type: 'Entry', id: 5, rule: 'repeated' },
  } },
  Entry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'Attribute', id: 2 } } },
  Attribute: { fields: { tensor: { type: 'Tensor', id: 8 } } },
  Tensor: { fields: { dtype: { type: 'int32', id: 1 }, content: { type: 'bytes', id: 4 } } },
} });

interface Node {
  name: string;
  op: string;
  attr: { key: string; value: { tensor?: { dtype: number; content: Uint8Array } } }[];
}

function inSavedModel(bytes: Uint8Array): Found {
  const { meta } = graph.lookupType('SavedModel').decode(bytes) as unknown as { meta: { graph: { node: Node[] } }[] };
  const constants = meta.flatMap((each) => each.graph.node).filter(({ op }) => op === 'Const');
  if (constants.length === 0) throw new Error('a SavedModel without constants: nothing to search');
  return constants.flatMap(({ name, attr }) => attr.flatMap(({ value: { tensor } }) =>
    (tensor?.dtype === FLOAT ? inNumbers(name, floats(tensor.content)) : [])));
}

function inSafetensors(bytes: Uint8Array): Found {
  const { tensors, metadata } = readSafetensors(bytes, 'tensors');
  return [
    ...Object.entries(tensors).flatMap(([name, { data }]) => inNumbers(name, data)),
    ...Object.entries(metadata).flatMap(([key, text]) => inText(key, text)),
  ];
}

/** Columns of a run's tables where an empty cell is no lost number: nothing is said of that row there (docs/formats.md). */
const MAY_BE_EMPTY = new Set(['linear', 'nonlinear', 'nonlinear_se', 'verdict', 'log_bayes_factor']);

/** NaN is written as an empty cell, so that one counts, too. */
function inCsv(text: string): Found {
  const [header, ...rows] = parseCsv(text, {});
  return rows.flatMap((cells, at) => cells.flatMap((cell, c) => {
    const lost = cell === '' ? !MAY_BE_EMPTY.has(header[c]) : WORD.test(cell.trim());
    return lost ? [`line ${at + 2} ${header[c]} '${cell}'`] : [];
  }));
}

const inWords = (text: string): Found => [...text.matchAll(ITEM)].map(([item]) => item);

const inProse = (text: string): Found => text.match(/(?<![\w`])(NaN|-?Infinity)\b/g) ?? [];

/** A page: what it shows and draws, without style and code. In a path of a drawing letters stand right beside the numbers. */
const inPage = (text: string): Found => text.replaceAll(/<(style|script)\b[^]*?<\/\1>/g, '').match(/NaN|-?Infinity/g) ?? [];

const SEARCHES: Record<string, (bytes: Uint8Array) => Found> = {
  '.json': (bytes) => inValue(JSON.parse(textOf(bytes))),
  // A key of the config that is not set is null there.
  '.yaml': (bytes) => inValue(parseYaml(textOf(bytes))).filter((found) => !found.endsWith(' null')),
  '.csv': (bytes) => inCsv(textOf(bytes)),
  '.md': (bytes) => inProse(textOf(bytes)),
  '.mjs': (bytes) => inWords(textOf(bytes)),
  '.safetensors': inSafetensors,
  '.onnx': inOnnx,
  '.pb': inSavedModel,
  '.html': (bytes) => inPage(textOf(bytes)),
  '.bin': (bytes) => inNumbers('weights', floats(bytes)),
};

/** Sums of bytes alone. */
const SUMS = 'SHA256SUMS';

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/**
 * What is not finite in a folder and the folders in it, a line each: the file, the place and the value. In JSON a null counts,
 * for that is how a number that is not finite is written there.
 * @throws Error for a kind of file that it cannot search
 */
export function notFinite(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== SUMS);
  return files.flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const search = SEARCHES[path.extname(entry.name)];
    if (!search) throw new Error(`${file}: nobody knows how to search this kind of file.`);
    return search(readFileSync(file)).map((found) => `${path.relative(folder, file)}: ${found}`);
  });
}
