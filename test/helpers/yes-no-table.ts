import { Stream } from '../../src/random.js';

/** A CSV table of 100 rows: inputs a, b, c, and a class y, which a and b decide up to a little noise and c has no part in. */
export function yesNoTable(): string {
  const draw = Stream.fromSeed('shards').normals(400);
  const rows = Array.from({ length: 100 }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    return [a, b, c, 2 * a - b + 0.3 * e > 0 ? 'yes' : 'no'].join(',');
  });
  return `a,b,c,y\n${rows.join('\n')}\n`;
}
