import { describe, expect, it } from 'vitest';
import { allRows, fitEncoder, type EncoderOptions } from '../../../src/data/index.js';
import { Stream } from '../../../src/random.js';
import type { Encoder } from '../../../src/types.js';
import { dataOptions, read } from './sources.js';

const ROWS = 80;
const stream = Stream.fromSeed('weighted encoder');
const numbers = stream.split('numbers').normals(2 * ROWS);
const weights = Array.from({ length: ROWS }, (_, n) => (n * 7) % 4);
const rows = weights.map((_, n) => [
  numbers[2 * n].toFixed(3), n % 9 === 0 ? '' : (n % 13) / 2, ['north', 'south', 'east', 'west'][(n * n) % 4], n % 2 ? 'yes' : 'no',
  `2026-03-${String(1 + ((n * 11) % 28)).padStart(2, '0')}`, numbers[2 * n + 1].toFixed(3),
].join());
const HEADER = 'a,gaps,side,ok,day,y';

/** Of a table whose rows are weighted, and of one that has each so many times. */
async function both(rest: Partial<Omit<EncoderOptions, 'split'>> = {}): Promise<[Encoder, Encoder]> {
  const fit = async (lines: string[], options: typeof rest): Promise<Encoder> => {
    const table = await read(`${lines.join('\n')}\n`);
    return fitEncoder(table, allRows(table.rows), dataOptions('y', { ...rest, ...options }));
  };
  const weighted = await fit([`${HEADER},w`, ...rows.map((row, n) => `${row},${weights[n]}`)], { weights: 'w' });
  return [weighted, await fit([HEADER, ...rows.flatMap((row, n) => Array.from({ length: weights[n] }, () => row))], {})];
}

const columnsOf = ({ features }: Encoder) => features.flatMap(({ columns }) => columns);

describe('an encoder of weighted rows', () => {
  it('has the means and scales of rows that stand there as often', async () => {
    const [weighted, repeated] = await both();
    const [mine, theirs] = [columnsOf(weighted), columnsOf(repeated)];
    expect(mine.map(({ name }) => name)).toEqual(theirs.map(({ name }) => name));
    mine.forEach(({ mean, scale, range }, c) => {
      expect(mean).toBeCloseTo(theirs[c].mean, 10);
      expect(scale).toBeCloseTo(theirs[c].scale, 10);
      expect(range).toEqual(theirs[c].range);
    });
    const [target, other] = [weighted.target, repeated.target] as { mean: number; scale: number }[];
    expect(target.mean).toBeCloseTo(other.mean, 10);
    expect(target.scale).toBeCloseTo(other.scale, 10);
  });

  it('gives the level that rare ones share what they weigh together', async () => {
    const table = await read(`c,x,w,y\n${['a', 'a', 'a', 'b', 'c', 'a'].map((level, n) => `${level},${n},${n},${n * n}`).join('\n')}\n`);
    const encoder = fitEncoder(table, allRows(6), dataOptions('y', { weights: 'w', minLevel: 2 }));
    const shared = columnsOf(encoder).find(({ level }) => level === 'a');
    // a: 0 + 1 + 2 + 5 of 15; the others 3 + 4.
    expect(encoder.features[0]).toMatchObject({ levels: ['(rare)', 'a'], shared: '(rare)' });
    expect(shared!.mean).toBeCloseTo(8 / 15, 12);
  });

  it('does not see rows of weight 0', async () => {
    const table = await read('a,w,y\n1,1,0\n2,1,1\n4,2,5\n1000,0,900\n');
    const { features: [a], target } = fitEncoder(table, allRows(4), dataOptions('y', { weights: 'w', task: 'regression' }));
    expect(a.columns[0]).toMatchObject({ mean: 11 / 4, range: [1, 4] });
    expect(target).toMatchObject({ mean: 11 / 4 });
  });
});
