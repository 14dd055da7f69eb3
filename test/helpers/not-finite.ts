/** A search through the files of runs and of exported models for numbers that are not finite. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

function inSafetensors(bytes: Uint8Array): Found {
  const { tensors, metadata } = readSafetensors(bytes, 'tensors');
  return [
    ...Object.entries(tensors).flatMap(([name, { data }]) => inNumbers(name, data)),
    ...Object.entries(metadata).flatMap(([key, text]) => inText(key, text)),
  ];
}

const inCsv = (text: string): Found => text.split('\n').flatMap((line, at) =>
  line.split(',').filter((cell) => WORD.test(cell.trim().replaceAll('"', ''))).map((cell) => `line ${at + 1} ${cell}`));

const inWords = (text: string): Found => [...text.matchAll(ITEM)].map(([item]) => item);

const inProse = (text: string): Found => text.match(/(?<![\w`])(NaN|-?Infinity)\b/g) ?? [];

const SEARCHES: Record<string, (bytes: Uint8Array) => Found> = {
  '.json': (bytes) => inValue(JSON.parse(textOf(bytes))),
  // A key of the config that is not set is null there.
  '.yaml': (bytes) => inValue(parseYaml(textOf(bytes))).filter((found) => !found.endsWith(' null')),
  '.csv': (bytes) => inCsv(textOf(bytes)),
  '.md': (bytes) => inProse(textOf(bytes)),
  '.mjs': (bytes) => inWords(textOf(bytes)),
  '.safetensors': inSafetensors,
  '.onnx': inOnnx,
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
