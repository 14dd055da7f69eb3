// Changes of bytes: as transport, editors and hands make them, and as somebody would who means harm.

/** Words that some reader may take for more than text. */
export const WORDS = [
  '', '0', '-0', '1e308', '-1e308', '1e309', '1e-320', '9007199254740993', '99999999999999999999999999', '0x10', '1_000', '1,000', 'NaN', 'Infinity',
  '-Infinity', 'null', 'undefined', 'true', 'NA', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '{}', '[]', '[[]]',
  '"', '""', "'", '\\', '\\u0000', '\\ud800', '\n', '\r', '\r\n', '\t', ',', ';', ',,,,', '\0', '\ufeff', '\u202e', '\x1b[2J', '../../escape', '/escape/x',
  '..', '~', '$HOME', '%s%n', '=1+1', '&a', '*a', '<<: *a', '!!js/function x', '!!binary AA==', '---', '...', '#', '? :', '- - - -', '{"a":', '}', ']', '🦀',
  'é', '1e', '+', '-', '.', '12.5%', '2024-02-30', '0001-01-01', '99999-12-31', 'x'.repeat(5000), '['.repeat(3000), '{"a":'.repeat(2000), '- '.repeat(2000),
];

export const pick = (list, stream) => list[stream.integer(list.length)];

/** A stretch of the bytes, mostly short. */
function stretch(bytes, stream) {
  const from = stream.integer(bytes.length + 1);
  const length = Math.min(bytes.length - from, stream.integer(2 ** stream.integer(11)));
  return [from, from + length];
}

const replaced = (bytes, from, to, by) => Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);

const CHANGES = {
  'a flipped bit': (bytes, stream) => {
    const other = Buffer.from(bytes);
    if (other.length > 0) other[stream.integer(other.length)] ^= 1 << stream.integer(8);
    return other;
  },
  'other bytes': (bytes, stream) => {
    const other = Buffer.from(bytes);
    const [from, to] = stretch(other, stream);
    for (let at = from; at < Math.min(to, from + 16); at++) other[at] = stream.integer(256);
    return other;
  },
  'a cut': (bytes, stream) => bytes.subarray(0, stream.integer(bytes.length + 1)),
  'a missing piece': (bytes, stream) => replaced(bytes, ...stretch(bytes, stream), Buffer.alloc(0)),
  'a repeated piece': (bytes, stream) => {
    const [from, to] = stretch(bytes, stream);
    return replaced(bytes, to, to, bytes.subarray(from, to));
  },
  'a piece from elsewhere': (bytes, stream) => {
    const [from, to] = stretch(bytes, stream);
    return replaced(bytes, ...stretch(bytes, stream), bytes.subarray(from, to));
  },
  'a word put in': (bytes, stream) => {
    const at = stream.integer(bytes.length + 1);
    return replaced(bytes, at, at, Buffer.from(pick(WORDS, stream)));
  },
  'a token for a word': (bytes, stream) => {
    const text = bytes.toString('latin1');
    const tokens = [...text.slice(0, 50_000).matchAll(/[\w.+-]+/g)];
    if (tokens.length === 0) return bytes;
    const token = pick(tokens, stream);
    return replaced(bytes, token.index, token.index + token[0].length, Buffer.from(pick(WORDS, stream)));
  },
  'another digit': (bytes, stream) => {
    const digits = [...bytes.subarray(0, 200_000).keys()].filter((at) => bytes[at] >= 48 && bytes[at] <= 57);
    if (digits.length === 0) return bytes;
    const [other, at] = [Buffer.from(bytes), pick(digits, stream)];
    other[at] = 48 + ((bytes[at] - 48 + 1 + stream.integer(9)) % 10);
    return other;
  },
  'another encoding': (bytes, stream) => {
    const text = bytes.toString('utf8');
    const forms = [
      () => Buffer.from(`\ufeff${text}`, 'utf16le'), () => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), () => Buffer.from(text, 'utf16le'),
      () => Buffer.from(`\ufeff${text}`), () => Buffer.from(text, 'latin1'), () => Buffer.from(text.replaceAll('\n', '\r')),
      () => Buffer.from(text.replaceAll('\n', '\0')), () => Buffer.from(text.replaceAll('a', 'á'), 'latin1'),
    ];
    return pick(forms, stream)();
  },
};

/** @returns {{ bytes: Buffer, how: string }} */
export function mutateBytes(bytes, stream) {
  const how = pick(Object.keys(CHANGES), stream);
  return { bytes: CHANGES[how](Buffer.from(bytes), stream), how };
}

/** Some changes after each other. */
export function mutateOften(bytes, stream, most = 3) {
  let [all, hows] = [bytes, []];
  for (let left = 1 + stream.integer(most); left > 0; left--) {
    const { bytes: next, how } = mutateBytes(all, stream);
    [all, hows] = [next, [...hows, how]];
  }
  return { bytes: all, how: hows.join(', ') };
}
