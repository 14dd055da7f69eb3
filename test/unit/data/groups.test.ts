import { describe, expect, it } from 'vitest';
import { allRows, encode, fitEncoder, recordTable, subsetEncoder } from '../../../src/data/index.js';
import { cellFeatures } from '../../../src/data/feature.js';
import { readEncoder, writeEncoder } from '../../../src/export/encoder.js';
import type { Encoder } from '../../../src/types.js';

const MISSING = ['', 'NA'];
const rows = Array.from({ length: 40 }, (_, n) => ({
  lat: n, t: ['u', 'v', 'w'][n % 3], c: n % 7, lon: n % 11 === 3 ? '' : n * n % 13, y: n % 5,
}));
const table = recordTable(rows, { columns: ['lat', 't', 'c', 'lon', 'y'], missing: MISSING });
const fit = (groups: Record<string, string[]>, columns = {}): Encoder =>
  fitEncoder(table, allRows(40), { target: 'y', task: 'regression', missing: MISSING, columns, groups });

describe('a group of columns', () => {
  const plain = fit({});
  const encoder = fit({ site: ['lon', 't', 'lat'] });

  it('is one input in the place of its first member, with all their encoded columns', () => {
    expect(encoder.features.map(({ name, kind }) => [name, kind])).toEqual([['site', 'group'], ['c', 'numeric']]);
    expect(encoder.features[0].columns.map(({ name }) => name)).toEqual(['lat', 't=u', 't=v', 't=w', 'lon', 'lon=missing']);
    expect(cellFeatures(encoder.features).map(({ name }) => name)).toEqual(['lat', 't', 'lon', 'c']);
  });

  it('encodes every cell as it is encoded alone', () => {
    const [together, alone] = [encode(table, encoder), encode(table, plain)];
    const names = (of: Encoder): string[] => of.features.flatMap(({ columns }) => columns.map(({ name }) => name));
    const cell = (of: typeof alone, by: Encoder, row: number, name: string): number =>
      of.x.data[row * of.x.cols + names(by).indexOf(name)];
    for (let row = 0; row < 40; row++) {
      for (const name of names(plain)) expect(cell(together, encoder, row, name)).toBe(cell(alone, plain, row, name));
    }
  });

  it('is written and read back, and loses the members of which nothing is left', () => {
    expect(readEncoder(writeEncoder(encoder), 'f')).toEqual(JSON.parse(JSON.stringify(encoder)));
    // lat and t=v stay.
    const small = subsetEncoder(encoder, [true, false, true, false, false, false, false]);
    expect(small.features).toHaveLength(1);
    expect(small.features[0].members!.map(({ name, columns }) => [name, columns.map((column) => column.name)]))
      .toEqual([['lat', ['lat']], ['t', ['t=v']]]);
    expect(encode(table, { ...small, features: cellFeatures(small.features) }).x).toEqual(encode(table, small).x);
  });

  it('has the prior of its members', () => {
    const priors = { lat: { prior: 0.3 }, lon: { prior: 0.3 }, t: { prior: 0.3 } };
    expect(fit({ site: ['lat', 'lon', 't'] }, priors).features.map(({ prior }) => prior)).toEqual([0.3, undefined]);
  });

  it('is refused where a column is not there, or where its name is that of a column', () => {
    expect(() => fit({ site: ['lat', 'lan'] })).toThrow(/there is no column 'lan', which data\.groups has in 'site'/);
    expect(() => fit({ c: ['lat', 'lon'] })).toThrow(/data\.groups: 'c' is the name of a column/);
  });

  it('is refused in a file whose members are not those of its columns', () => {
    const [group, ...rest] = encoder.features;
    const broken = { ...encoder, features: [{ ...group, members: group.members!.slice(1) }, ...rest] };
    expect(() => readEncoder(writeEncoder(broken), 'encoder.json')).toThrow(/members/);
  });
});
