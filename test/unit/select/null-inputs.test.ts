import { describe, expect, it } from 'vitest';
import { withCopies } from '../../../src/select/null-inputs.js';
import type { Prepared } from '../../../src/work/prepare.js';
import { Stream } from '../../../src/random.js';
import type { EncodedColumn, Feature } from '../../../src/types.js';

const column = (name: string, type: EncodedColumn['type'] = 'number'): EncodedColumn => ({ name, type, mean: 0, scale: 1 });
const numeric = (name: string): Feature => ({ name, kind: 'numeric', columns: [column(name)] });
const text: Feature = { name: 'g', kind: 'categorical', columns: [column('g=a', 'level'), column('g=b', 'level'), column('g=c', 'level')] };
const gaps: Feature = { name: 'gaps', kind: 'numeric', columns: [column('gaps'), column('gaps=missing', 'missing')] };

function prepared(features: Feature[], rows: number): Prepared {
  const inputGroup = Int32Array.from(features.flatMap(({ columns }, f) => columns.map(() => f)));
  const cols = inputGroup.length;
  const stream = Stream.fromSeed('null inputs');
  const none = new Int32Array();
  return {
    table: { rows, sha256: '' }, splits: { train: none, validation: none, test: none }, sets: {},
    encoder: { schemaVersion: 1, features, target: { name: 'y', task: 'regression', mean: 0, scale: 1 }, missing: [], dropped: [] },
    fitData: { x: { rows, cols, data: stream.normals(rows * cols) }, y: { rows, cols: 1, data: stream.normals(rows) } },
    shape: { widths: [cols, 4, 1], activation: 'silu', gates: 'both', task: 'regression', inputGroup, inputGates: features.length },
    plan: { epochs: 10, batch: rows, steps: 10 },
  };
}

/** Columns of a feature, row by row. */
function cellsOf({ fitData: { x }, shape: { inputGroup } }: Prepared, feature: number): number[][] {
  const own = [...inputGroup.keys()].filter((c) => inputGroup[c] === feature);
  return Array.from({ length: x.rows }, (_, n) => own.map((c) => x.data[n * x.cols + c]));
}

describe('inputs with copies', () => {
  const single = prepared([numeric('a'), text, gaps, numeric('b'), numeric('c'), numeric('d')], 40);

  it('have every input unchanged and every copy under the name ~NAME, the gates of their own', () => {
    const { prepared: both, places } = withCopies(single, 'probes', Stream.fromSeed(1));
    const { features } = both.encoder;
    expect(both.shape).toMatchObject({ widths: [18, 4, 1], inputGates: 12 });
    expect(both.fitData.x).toMatchObject({ rows: 40, cols: 18 });
    expect(both.fitData.y).toBe(single.fitData.y);
    expect(places.flatMap(({ input, copy }) => [input, copy]).sort((a, b) => a - b)).toEqual([...features.keys()]);
    places.forEach(({ input, copy }, f) => {
      const { name, columns } = single.encoder.features[f];
      expect([features[input].name, features[copy].name]).toEqual([name, `~${name}`]);
      expect(features[copy].columns.length).toBe(columns.length);
      expect(cellsOf(both, input)).toEqual(cellsOf(single, f));
    });
  });

  it('probes: the rows of all inputs in one other order', () => {
    const { prepared: both, places } = withCopies(single, 'probes', Stream.fromSeed(1));
    const rows = (feature: (place: (typeof places)[0]) => number): string[] =>
      Array.from({ length: 40 }, (_, n) => JSON.stringify(places.map((place) => cellsOf(both, feature(place))[n])));
    const [inputs, copies] = [rows(({ input }) => input), rows(({ copy }) => copy)];
    expect(copies).not.toEqual(inputs);
    expect([...copies].sort()).toEqual([...inputs].sort());
  });

  it('a coin decides which comes first: about half of the inputs', () => {
    const many = prepared(Array.from({ length: 200 }, (_, f) => numeric(`x${f}`)), 20);
    const { places } = withCopies(many, 'probes', Stream.fromSeed(3));
    const first = places.filter(({ input }) => input < 200).length;
    // 100 expected, standard deviation 7.
    expect(first).toBeGreaterThan(65);
    expect(first).toBeLessThan(135);
  });

  it('knockoffs: by columns, and not of text, missing cells or few rows', () => {
    const { prepared: both, places, knockoffs } = withCopies(prepared([numeric('a'), numeric('b')], 40), 'knockoffs', Stream.fromSeed(1));
    expect(knockoffs!.copyCorrelations.length).toBe(2);
    expect(cellsOf(both, places[0].copy)).not.toEqual(cellsOf(both, places[0].input));
    const refusal = (features: Feature[], rows: number) => () => withCopies(prepared(features, rows), 'knockoffs', Stream.fromSeed(1));
    expect(refusal([numeric('a'), text], 40)).toThrow(/input 'g' is text.*probes: true/);
    expect(refusal([numeric('a'), gaps], 40)).toThrow(/input 'gaps' has missing cells/);
    expect(refusal([numeric('a'), numeric('b')], 3)).toThrow(/2 inputs and 3 training rows/);
  });
});
