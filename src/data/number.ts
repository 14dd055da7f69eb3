/** Which texts are numbers. */

/**
 * The number that a trimmed cell writes, or NaN: decimal notation with optional sign, point and exponent. Not numbers here:
 * empty text, hexadecimal and the like, NaN and Infinity, and what overflows to infinity.
 */
export function parseNumber(text: string): number {
  if (text === '') return NaN;
  const value = Number(text);
  if (!Number.isFinite(value)) return NaN;
  // Number() also reads 0x1F, 0b11 and 0o17.
  if (text.length > 2 && text.charCodeAt(0) === 48 && text.charCodeAt(1) > 57) {
    return text[1] === 'e' || text[1] === 'E' ? value : NaN;
  }
  return value;
}

/** A double tells whole numbers of so many digits apart. */
const SAFE_DIGITS = 15;

/** Whether a text is of digits that name something and count nothing: more than a double holds, or with zeros before them. */
export function isCode(text: string): boolean {
  if (text.length < 2 || (text.charCodeAt(0) !== 48 && text.length <= SAFE_DIGITS)) return false;
  return /^\d+$/.test(text);
}

/** Whether it is one of those that a double does not hold. */
export const isLongCode = (text: string): boolean => text.length > SAFE_DIGITS && isCode(text);

/** Whether the text means a value that no finite number stands for: nan, inf, -Infinity, 1e999. */
export function isNonFinite(text: string): boolean {
  return /^[+-]?(nan|inf|infinity)$/i.test(text) || Math.abs(Number(text)) === Infinity;
}

/** Whether the text is a number with commas: `1,5`, `12,000` or `1.234,5`. */
export function hasComma(text: string): boolean {
  return /^[+-]?(\d+(,\d+)+(\.\d+)?|\d{1,3}(\.\d{3})+,\d+)$/.test(text);
}

/** Whether the text is a number whose only comma can be read as its decimal point: `1,5`. */
export function hasDecimalComma(text: string): boolean {
  return /^[+-]?\d+,\d+$/.test(text);
}

/** Numbers in numeric order when all texts are numbers, otherwise by UTF-16 code units. Returns a new array. */
export function sortLevels(levels: readonly string[]): string[] {
  const numeric = levels.every((level) => !Number.isNaN(parseNumber(level)));
  return [...levels].sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0));
}
