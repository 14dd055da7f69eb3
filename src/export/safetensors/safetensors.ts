/**
 * The safetensors container: 8 bytes of header length (little-endian), a JSON header of names, types, shapes and byte
 * ranges, then the numbers. Types here: F32, F64, I32. Hosts are little-endian, as all that the engines run on.
 */
import { BnncError, fail } from '../../errors.js';

export interface Tensor {
  shape: number[];
  /** Row-major. */
  data: Float32Array | Float64Array | Int32Array;
}

export type Tensors = Record<string, Tensor>;

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const TYPES = { F32: Float32Array, F64: Float64Array, I32: Int32Array } as const;
type TypeName = keyof typeof TYPES;

const METADATA = '__metadata__';
const isTypeName = (name: unknown): name is TypeName => typeof name === 'string' && Object.hasOwn(TYPES, name);
const product = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/**
 * Bytes of the container. Tensors lie in the order of the record, wider types first so that each is aligned; metadata in
 * the order of its keys. The same input gives the same bytes.
 */
export function writeSafetensors(tensors: Tensors, metadata: Record<string, string> = {}): Uint8Array {
  const named = Object.entries(tensors).sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { [METADATA]: metadata } : {};
  let end = 0;
  for (const [name, { shape, data }] of named) {
    if (product(shape) !== data.length) throw new RangeError(`tensor ${name}: ${data.length} numbers in shape [${shape.join()}]`);
    const dtype = (Object.keys(TYPES) as TypeName[]).find((type) => data instanceof TYPES[type]);
    header[name] = { dtype, shape, data_offsets: [end, (end += data.byteLength)] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  for (const [name, { data }] of named) {
    const [from] = (header[name] as Entry).data_offsets;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 8 + length + from);
  }
  return bytes;
}

/**
 * Reads a container into freshly allocated arrays.
 *
 * @param file what errors call it.
 * @throws `run.tensors-damaged` when the file is cut short or inconsistent, `run.tensors-type` for other number types.
 */
export function readSafetensors(bytes: Uint8Array, file: string): { tensors: Tensors; metadata: Record<string, string> } {
  const { header, start } = readHeader(bytes, file);
  const { [METADATA]: metadata = {}, ...entries } = header;
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw damaged(file, 'its metadata are not text');
  }
  const tensors: Tensors = {};
  let filled = 0;
  for (const [name, entry] of Object.entries(entries).sort(([, a], [, b]) => offsetOf(a) - offsetOf(b))) {
    if (!isEntry(entry)) throw damaged(file, `its header does not describe tensor '${name}'`);
    const { dtype, shape, data_offsets: [from, to] } = entry;
    if (!isTypeName(dtype)) {
      throw fail('run.tensors-type', `tensor '${name}' has type ${dtype}; F32, F64 and I32 can be read`, {
        where: { file }, hint: 'The file was not written by bnnc.',
      });
    }
    const Type = TYPES[dtype];
    // No gaps, no overlaps: each tensor begins where the last one ended.
    if (from !== filled || to - from !== product(shape) * Type.BYTES_PER_ELEMENT || start + to > bytes.length) {
      throw damaged(file, `tensor '${name}' does not fill its place`);
    }
    // Not bytes.slice: on a Buffer that would be a view of the whole file, and of unaligned offset.
    tensors[name] = { shape, data: new Type(Uint8Array.prototype.slice.call(bytes, start + from, start + to).buffer) };
    filled = to;
  }
  if (start + filled !== bytes.length) {
    throw damaged(file, `${bytes.length - start - filled} bytes belong to no tensor`);
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

function readHeader(bytes: Uint8Array, file: string): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw damaged(file, `it has only ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) throw damaged(file, 'its header is longer than the file');
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
    if (isObject(header)) return { header, start: 8 + length };
  } catch (cause) {
    throw damaged(file, 'its header is not JSON', { cause });
  }
  throw damaged(file, 'its header is not a JSON object');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);

const isEntry = (value: unknown): value is Entry =>
  isObject(value) && typeof value.dtype === 'string' && isCounts(value.shape) &&
  isCounts(value.data_offsets) && value.data_offsets.length === 2;

const offsetOf = (value: unknown): number => (isEntry(value) ? value.data_offsets[0] : 0);

function damaged(file: string, what: string, options?: ErrorOptions): BnncError {
  return new BnncError({
    code: 'run.tensors-damaged', message: `not a complete safetensors file: ${what}`, where: { file },
    hint: 'It is damaged or incomplete: train again, or copy the run folder again.',
  }, options);
}
