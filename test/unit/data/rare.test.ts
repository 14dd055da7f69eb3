import { describe, expect, it } from 'vitest';
import { allRows, columnRemarks, encode, fitEncoder, type EncodeNotice } from '../../../src/data/index.js';
import { say } from '../../../src/voice.js';
import { everyReader, modelOf } from '../../helpers/export-agreement.js';
import { dataOptions, read } from './sources.js';

const csv = (cells: readonly string[]): string => `c,w,y\n${cells.map((cell, i) => `${cell},${i % 7},${i % 2}`).join('\n')}\n`;
/** Of level l{k} there are k + 1 rows. */
const triangle = (levels: number): string[] => Array.from({ length: levels }, (_, k) => Array<string>(k + 1).fill(`l${k}`)).flat();

async function fit(cells: readonly string[], minLevel?: number | 'auto') {
  const table = await read(csv(cells));
  const encoder = fitEncoder(table, allRows(table.rows), dataOptions('y', { minLevel }));
  const remarks = columnRemarks(table, allRows(table.rows), encoder, { columns: {} });
  return { table, encoder, remarks: remarks.map((text) => say(text)) };
}

describe('rare levels', () => {
  it('share one, which unseen levels belong to', async () => {
    const { table, encoder, remarks } = await fit(triangle(5), 3);
    const [feature] = encoder.features;
    expect(feature).toMatchObject({ levels: ['(rare)', 'l2', 'l3', 'l4'], shared: '(rare)' });
    expect(feature.columns.map(({ level, mean }) => [level, mean])).toEqual([['(rare)', 3 / 15], ['l2', 3 / 15], ['l3', 4 / 15], ['l4', 5 / 15]]);
    expect(remarks).toEqual(["2 of the 5 levels of input 'c' are rare and share one, (rare); sets: ['data.minLevel=1'] keeps them apart"]);
    const notices: EncodeNotice[] = [];
    const other = await read(csv(['l0', 'never seen', '']));
    const { x } = encode(other, encoder, undefined, { target: 'none', onNotice: (notice) => notices.push(notice) });
    const rare = encode(table, encoder, Int32Array.of(0)).x.data.subarray(0, 4);
    expect(x.data.subarray(0, 4)).toEqual(rare);
    expect(x.data.subarray(5, 9)).toEqual(rare);
    expect(notices.map(({ type }) => type)).toEqual(['unseen-missing']);
  });

  it('have an own one where nobody asks, up to 100 of them', async () => {
    expect((await fit(triangle(5))).encoder.features[0]).toMatchObject({ levels: ['l0', 'l1', 'l2', 'l3', 'l4'] });
    const many = await fit(triangle(110), 'auto');
    expect(many.encoder.features[0].levels).toHaveLength(100);
    expect(many.encoder.features[0].levels).not.toContain('l10');
    expect(many.encoder.features[0].levels).toContain('l11');
    expect((await fit(triangle(100), 'auto')).encoder.features[0].shared).toBeUndefined();
  });

  it('alone are no input', async () => {
    const { encoder } = await fit(Array.from({ length: 3000 }, (_, i) => `l${i % 1000}`), 'auto');
    expect(encoder.features.map(({ name }) => name)).toEqual(['w']);
    expect(encoder.dropped).toEqual([{ name: 'c', reason: 'rare levels alone, see data.minLevel' }]);
  });

  it('are the same to every export', async () => {
    for (const cells of [triangle(6), ['a', 'a', 'a', 'b', 'c', 'd', 'a']]) {
      const model = await modelOf(csv(cells).replace(/,(\d)$/gm, (_, y: string) => `,${Number(y) + 0.5}`), { minLevel: 3 });
      const rows = [...new Set(cells), 'never seen', ''].map((c, i) => ({ c, w: String(i) }));
      const { program, ...others } = await everyReader(model, rows);
      for (const found of Object.values(others)) found.forEach((value, i) => expect(value).toBeCloseTo(program[i], 4));
    }
  });
});
