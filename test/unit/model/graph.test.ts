import { describe, expect, it } from 'vitest';
import { Graph, graphFault, graphOfShape, shapeSources } from '../../../src/model/graph.js';

/** 3 columns, hidden layers of 2 and 2 units, one output; the output also reads columns 0 and 2 and unit 1 of layer 1. */
const SOURCES = Int32Array.of(0, 2, 4, 5, 6);
const skip = graphOfShape({ widths: [3, 2, 2, 1], sources: [undefined, undefined, SOURCES] });
const plain = graphOfShape({ widths: [3, 2, 1] });

describe('a plain network', () => {
  it('reads the tier before', () => {
    expect(plain.tiers).toEqual([3, 2]);
    expect(plain.starts).toEqual([0, 3]);
    expect([...plain.sourcesOf(0)]).toEqual([0, 1, 2]);
    expect([...plain.sourcesOf(1)]).toEqual([3, 4]);
    expect(plain.feedsOf(1)).toEqual([{ tier: 1, row: 0, units: Int32Array.of(0, 1), whole: true }]);
    expect(plain.plain).toBe(true);
  });

  it('has no field of sources, also where they are spelled out', () => {
    const spelled = graphOfShape({ widths: [3, 2, 1], sources: [Int32Array.of(0, 1, 2), Int32Array.of(3, 4)] });
    expect(spelled.plain).toBe(true);
    expect(spelled.field(1)).toEqual({});
    expect(shapeSources(spelled)).toEqual({});
  });

  it('may have no inputs at all', () => {
    const none = new Graph(0, [{ inputs: 0, outputs: 2 }]);
    expect(none.plain).toBe(true);
    expect(none.feedsOf(0)).toEqual([]);
  });
});

describe('a network with other sources', () => {
  it('knows them by row and by tier', () => {
    expect(skip.plain).toBe(false);
    expect([0, 1, 2].map((l) => skip.isPlain(l))).toEqual([true, true, false]);
    expect(skip.feedsOf(2)).toEqual([
      { tier: 0, row: 0, units: Int32Array.of(0, 2), whole: false },
      { tier: 1, row: 2, units: Int32Array.of(1), whole: false },
      { tier: 2, row: 3, units: Int32Array.of(0, 1), whole: true },
    ]);
    expect(skip.field(2)).toEqual({ sources: SOURCES });
    expect(shapeSources(skip)).toEqual({ sources: [undefined, undefined, SOURCES] });
  });

  it('is not plain where a layer reads a part of the tier before, or another tier', () => {
    expect(graphOfShape({ widths: [3, 2, 1], sources: [Int32Array.of(0, 2)] }).isPlain(0)).toBe(false);
    expect(graphOfShape({ widths: [2, 2, 1], sources: [undefined, Int32Array.of(0, 1)] }).isPlain(1)).toBe(false);
    expect(new Graph(2, [{ inputs: 0, outputs: 1, sources: Int32Array.of() }]).isPlain(0)).toBe(false);
  });

  it('tells who reads a source and a tier', () => {
    expect(skip.readersOf(0)).toEqual([{ layer: 0, row: 0 }, { layer: 2, row: 0 }]);
    expect(skip.readersOf(1)).toEqual([{ layer: 0, row: 1 }]);
    expect(skip.readersOf(6)).toEqual([{ layer: 2, row: 4 }]);
    expect([0, 1, 2].map((tier) => skip.readersOfTier(tier))).toEqual([[0, 2], [1, 2], [2]]);
    expect([0, 2, 3, 4, 5, 6].map((source) => skip.tierOf(source))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('gives the part of a tier', () => {
    expect([...skip.tierPart(Int32Array.of(9, 8, 7, 6, 5, 4, 3), 1)]).toEqual([6, 5]);
  });
});

describe('paths', () => {
  const edges = (...there: string[]) => (l: number, w: number): boolean => there.includes(`${l}:${w}`);

  it('reach hidden units from the columns that are in', () => {
    // Column 1 to unit 0 of layer 1, that one to unit 1 of layer 2; column 0 to unit 1 of layer 1.
    const hasEdge = edges('0:2', '1:1', '0:1');
    expect([...skip.reached([0, 1, 1], hasEdge)]).toEqual([0, 1, 1, 1, 0, 0, 1]);
    expect([...skip.reached([1, 0, 0], hasEdge)]).toEqual([1, 0, 0, 0, 1, 0, 0]);
  });

  it('reach the output by any route', () => {
    // Column 2 directly; unit 1 of layer 1 directly, and column 0 through it; unit 0 of layer 2 without anything below it.
    const hasEdge = edges('2:1', '2:2', '0:1', '2:3');
    expect([...skip.useful(hasEdge)]).toEqual([1, 0, 1, 0, 1, 1, 0]);
    expect([...skip.useful(hasEdge, (source) => source !== 4)]).toEqual([0, 0, 1, 0, 0, 1, 0]);
  });

  it('are those of an enumeration of all paths', () => {
    for (let seed = 0; seed < 50; seed++) {
      const open = (l: number, w: number): boolean => (seed * 7 + l * 13 + w * 29) % 3 === 0;
      const leads = (source: number): boolean => skip.readersOf(source).some(({ layer, row }) =>
        Array.from({ length: skip.outputs[layer] }, (_, j) => j).some((j) =>
          open(layer, row * skip.outputs[layer] + j) && (layer === 2 || leads(skip.starts[layer + 1] + j))));
      const found = skip.useful(open);
      for (let source = 0; source < skip.size; source++) expect(found[source] === 1).toBe(leads(source));
    }
  });
});

describe('faults', () => {
  const fault = (sources: Int32Array | undefined, inputs = sources?.length ?? 2): string | undefined =>
    graphFault(2, [{ inputs: 2, outputs: 3 }, { inputs, outputs: 1, sources }]);

  it('none', () => {
    expect(fault(undefined, 3)).toBeUndefined();
    expect(fault(Int32Array.of(1, 2, 4))).toBeUndefined();
    expect(fault(Int32Array.of())).toBeUndefined();
  });

  it('another number of rows than sources', () => {
    expect(fault(undefined, 2)).toBe('layer 2 has 2 inputs, but 3 units come before it');
    expect(fault(Int32Array.of(0), 2)).toBe('layer 2 has 2 inputs, but names 1 sources');
  });

  it('sources that do not ascend, or do not come before', () => {
    expect(fault(Int32Array.of(1, 1))).toBe('the sources of layer 2 do not ascend from 0');
    expect(fault(Int32Array.of(-1, 1))).toBe('the sources of layer 2 do not ascend from 0');
    expect(fault(Int32Array.of(1, 5))).toBe('layer 2 names source 5, but only 5 come before it');
  });
});
