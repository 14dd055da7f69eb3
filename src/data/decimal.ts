/**
 * Decimal numbers read from bytes, as exactly as `Number` reads them from text: up to 15 digits by one correctly rounded division
 * or multiplication (Clinger, How to read floating point numbers accurately, 1990), up to 22 by twofold precision (Dekker, A
 * floating-point technique for extending the available precision, 1971). Where neither is sure, nobody guesses.
 */

/** Powers of ten that a double holds exactly. */
const EXACT = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
/** Whole numbers up to 10^15 are exact. */
export const HEAD_DIGITS = 15;
/** Digits that follow on them. */
export const TAIL_DIGITS = 7;
/** 2^27 + 1 splits a double into two halves. */
const SPLIT = 134217729;
/** Share of half a unit in the last place within which a rounding is not sure. */
const UNSURE = 1e-6;

/**
 * The double nearest to (head 10^tailDigits + tail) 10^exponent, or NaN where this cannot be told for sure.
 * @param head below 10^15, whole
 * @param tail below 10^tailDigits, whole; tailDigits at most 7
 */
export function nearestDouble(head: number, tail: number, tailDigits: number, exponent: number): number {
  if (tailDigits === 0) {
    if (exponent < 0) return exponent < -22 ? zeroOrUnsure(head) : head / EXACT[-exponent];
    return exponent > 22 ? zeroOrUnsure(head) : head * EXACT[exponent];
  }
  if (exponent < -22 || exponent > 0) return NaN;
  // head 10^tailDigits + tail as the sum of two doubles.
  const power = EXACT[tailDigits];
  const product = head * power;
  const high = product + tail;
  const low = productError(head, power, product) + (tail - (high - product));
  if (exponent === 0) return sure(high, low);
  // One step of long division: the remainder of a quotient is exact.
  const divisor = EXACT[-exponent];
  const quotient = high / divisor;
  const back = quotient * divisor;
  const remainder = (high - back) - productError(quotient, divisor, back) + low;
  return sure(quotient, remainder / divisor);
}

const zeroOrUnsure = (head: number): number => (head === 0 ? 0 : NaN);

/** a b - fl(a b), exactly. */
function productError(a: number, b: number, product: number): number {
  const aBig = SPLIT * a;
  const bBig = SPLIT * b;
  const aHigh = aBig - (aBig - a);
  const bHigh = bBig - (bBig - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (((product - aHigh * bHigh) - aLow * bHigh) - aHigh * bLow);
}

/** The double nearest to high + low; NaN where that lies too near to the middle of two. */
function sure(high: number, low: number): number {
  const slack = Math.abs(low) * UNSURE;
  const sum = high + low;
  return high + (low - slack) === sum && high + (low + slack) === sum ? sum : NaN;
}
