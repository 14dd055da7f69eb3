/** Numbers, names and values as they are written for people. */

/** At most four significant digits after the integer part: 0.03125, 12.35, 1,234,567. NaN is `-`. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return '-';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toLocaleString('en-US');
  if (size < 1e-3 || size >= 1e7) return value.toExponential(2);
  return size < 1 ? value.toFixed(4) : size < 100 ? value.toFixed(3) : value.toFixed(1);
}

/** `1 row`, `20 rows`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`; more than `most` are counted: `a, b and 7 more`. */
export function listed(texts: readonly string[], most = 5): string {
  const shown = texts.length > most ? [...texts.slice(0, most - 1), `${texts.length - most + 1} more`] : texts;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}

/** A word of a command that can be pasted into a shell: in single quotes unless it is plain. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The same of a path, which is never to be read as an option. */
export const shellPath = (path: string): string => shellWord(path.startsWith('-') ? `./${path}` : path);

/** A value as an error message shows it. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return `${value as number | boolean}`;
  const short = value.length > 40 ? `${value.slice(0, 40)}...` : value;
  // JSON shows control characters; its double quotes would be read as part of the value.
  return `the text '${JSON.stringify(short).slice(1, -1).replaceAll('\\"', '"')}'`;
}
