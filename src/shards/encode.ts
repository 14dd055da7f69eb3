/**
 * Values as bytes, and back: a line of JSON with the structure, then the bytes of all typed arrays one after another. Whoever
 * decodes bytes of others gets plain values whose size is bounded by that of the bytes.
 */

const TAG = '$';
const ALIGN = 8;

const ARRAYS = {
  Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array, Uint8ClampedArray,
};
type ArrayName = keyof typeof ARRAYS;
type TypedArray = InstanceType<(typeof ARRAYS)[ArrayName]>;

/** What JSON has no number or word for. */
const WORDS: ReadonlyMap<string, unknown> =
  new Map<string, unknown>([['undefined', undefined], ['NaN', NaN], ['Infinity', Infinity], ['-Infinity', -Infinity], ['-0', -0]]);

const padded = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;
const isRecord = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
const nameOf = (array: TypedArray): ArrayName | undefined =>
  (Object.keys(ARRAYS) as ArrayName[]).find((name) => array instanceof ARRAYS[name]);

/**
 * @param value plain objects, lists, numbers, texts, booleans, null, undefined, Maps and typed arrays
 * @throws TypeError for anything else
 */
export function encode(value: unknown): Buffer {
  const arrays = new Map<TypedArray, number>();
  const structure = (part: unknown): unknown => {
    if (part === undefined) return { [TAG]: 'undefined' };
    if (typeof part === 'number') return Number.isFinite(part) && !Object.is(part, -0) ? part : { [TAG]: Object.is(part, -0) ? '-0' : String(part) };
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return part;
    if (Array.isArray(part)) return Array.from(part, structure);
    if (ArrayBuffer.isView(part)) {
      const array = part as TypedArray;
      const name = nameOf(array);
      if (name !== undefined) {
        const known = arrays.get(array);
        if (known === undefined) arrays.set(array, arrays.size);
        return known === undefined ? { [TAG]: name, length: array.length } : { [TAG]: 'same', as: known };
      }
    } else if (part instanceof Map) {
      return { [TAG]: 'Map', of: [...part].map(([key, each]) => [structure(key), structure(each)]) };
    } else if (typeof part === 'object' && isRecord(part)) {
      const entries = Object.entries(part).map(([key, each]) => [key, structure(each)] as const);
      return Object.hasOwn(part, TAG) ? { [TAG]: 'object', of: entries } : Object.fromEntries(entries);
    }
    throw new TypeError(`a value of this kind cannot be encoded: ${Object.prototype.toString.call(part)}`);
  };
  const head = Buffer.from(`${JSON.stringify(structure(value))}\n`);
  const bodies = [...arrays.keys()].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.concat([Buffer.from(buffer, byteOffset, byteLength)], padded(byteLength)));
  return Buffer.concat([head, ...bodies]);
}

/**
 * What {@link encode} was given. No more is made than the bytes hold.
 * @throws Error where the bytes are not those of `encode`
 */
export function decode(bytes: Uint8Array): unknown {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = all.indexOf('\n') + 1;
  if (at === 0) throw new Error('no structure');
  const arrays: TypedArray[] = [];
  const array = (name: ArrayName, length: unknown): TypedArray => {
    const Kind = ARRAYS[name];
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) throw new Error('no length');
    const size = length * Kind.BYTES_PER_ELEMENT;
    if (at + padded(size) > all.length) throw new Error('too short');
    // A copy, so that it lies as its kind must and is nobody else's.
    const made = new Kind(all.buffer.slice(all.byteOffset + at, all.byteOffset + at + size) as ArrayBuffer);
    at += padded(size);
    arrays.push(made);
    return made;
  };
  const pairs = (of: unknown): [unknown, unknown][] => {
    if (!Array.isArray(of) || !of.every((each) => Array.isArray(each) && each.length === 2)) throw new Error('no pairs');
    return (of as [unknown, unknown][]).map(([key, each]) => [value(key), value(each)]);
  };
  const value = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(value);
    const fields = part as Record<string, unknown>;
    if (!Object.hasOwn(fields, TAG)) return Object.fromEntries(Object.entries(fields).map(([key, each]) => [key, value(each)]));
    const tag = fields[TAG];
    if (typeof tag !== 'string') throw new Error('no tag');
    if (WORDS.has(tag)) return WORDS.get(tag);
    if (tag === 'Map') return new Map(pairs(fields.of));
    if (tag === 'object') return Object.fromEntries(pairs(fields.of));
    if (Object.hasOwn(ARRAYS, tag)) return array(tag as ArrayName, fields.length);
    const known = tag === 'same' && typeof fields.as === 'number' ? arrays[fields.as] : undefined;
    if (known === undefined) throw new Error('an unknown tag');
    return known;
  };
  const made = value(JSON.parse(all.toString('utf8', 0, at - 1)));
  if (at !== all.length) throw new Error('too long');
  return made;
}
