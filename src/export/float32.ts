/** Decimal text of float32 numbers. */

/**
 * The shortest decimal that rounds to the same float32 (`0.1`, not `0.10000000149011612`). Nine digits always suffice.
 * If p digits round trip so do p + 1, so the search goes down from eight, which nearly always do.
 *
 * @param value a finite float32.
 */
export function float32Text(value: number): string {
  const single = Math.fround(value);
  if (single === 0) return '0';
  let text = single.toPrecision(8);
  if (Math.fround(Number(text)) !== single) text = single.toPrecision(9);
  for (let digits = 7; digits > 0; digits--) {
    const shorter = single.toPrecision(digits);
    if (Math.fround(Number(shorter)) !== single) break;
    text = shorter;
  }
  return String(Number(text));
}

/** `[0.1,0,-2.5e-7]`. */
export const float32List = (values: ArrayLike<number>): string => `[${Array.from(values, float32Text).join(',')}]`;
