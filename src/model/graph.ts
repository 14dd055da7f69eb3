/**
 * The graph of a network: which units each layer reads. The field `sources` of a shape or a layer is read here and nowhere
 * else; whoever wants to know what feeds what asks a {@link Graph}.
 *
 * The sources of a network are all that a layer can read: the input columns, then the units of hidden layer 1, of hidden
 * layer 2, and so on. A source is named by its place in this list. Sources come in tiers: tier 0 is the columns, tier l the
 * units of hidden layer l. Layer l (counted from 0) may read tiers 0 to l, and its own units are tier l + 1; those of the
 * last layer are the network's outputs and nobody's source.
 */

/** What the graph needs of a layer: of its matrix [inputs x outputs] the rows are sources, the columns its units. */
export interface WiredLayer {
  inputs: number;
  outputs: number;
  /** The places of the rows, ascending; absent where they are all units of the tier before, which is tier l of layer l. */
  sources?: Int32Array | undefined;
}

/** What the graph needs of a shape. */
export interface WiredShape {
  /** d_0 (input columns), hidden widths, d_L (outputs). */
  widths: readonly number[];
  /** Per layer as {@link WiredLayer} has it; absent where every layer reads the tier before and nothing else. */
  sources?: readonly (Int32Array | undefined)[] | undefined;
}

/** What the graph needs of a posterior. */
export interface WiredPosterior {
  inputs: { group: ArrayLike<number> };
  layers: readonly WiredLayer[];
}

/** The rows of a layer's matrix that come from one tier: since sources ascend, they lie together. */
export interface Feed {
  tier: number;
  /** The first row, and one for each unit of {@link units}. */
  row: number;
  /** Places within the tier, ascending. */
  units: Int32Array;
  /** Whether these are all units of the tier. */
  whole: boolean;
}

/** A layer that reads a source, and the row of its matrix that the source is. */
export interface Reader {
  layer: number;
  row: number;
}

export class Graph {
  /** Number of layers, and of tiers. */
  readonly depth: number;
  /** Units of each tier. */
  readonly tiers: readonly number[];
  /** The first source of each tier. */
  readonly starts: readonly number[];
  /** Number of sources. */
  readonly size: number;
  /** Units of each layer; those of the last one are the outputs. */
  readonly outputs: readonly number[];
  private readonly lists: Int32Array[];
  private readonly feeds: Feed[][];

  /** @param columns d_0, the number of input columns. */
  constructor(readonly columns: number, layers: readonly WiredLayer[]) {
    this.depth = layers.length;
    this.outputs = layers.map(({ outputs }) => outputs);
    this.tiers = [columns, ...this.outputs.slice(0, -1)];
    this.starts = this.tiers.map((_, t) => sum(this.tiers.slice(0, t)));
    this.size = sum(this.tiers);
    this.lists = layers.map(({ sources }, l) => sources ?? range(this.starts[l], this.tiers[l]));
    this.feeds = this.lists.map((list) => this.feedsOfList(list));
  }

  /** The sources of layer l, row by row of its matrix. */
  sourcesOf(l: number): Int32Array {
    return this.lists[l];
  }

  /** The same by tier, in ascending order. */
  feedsOf(l: number): readonly Feed[] {
    return this.feeds[l];
  }

  /** Blocks of weights that have a prior of their own: layer by layer the tiers that each reads, ascending. */
  get blocks(): { layer: number; feed: Feed }[] {
    return this.feeds.flatMap((feeds, layer) => feeds.map((feed) => ({ layer, feed })));
  }

  /**
   * The number of rows of the last layer that are input columns, all of which come first, where there are hidden layers beside
   * them; else 0. Their edges lead directly from the inputs to the outputs, and all of one input share a gate.
   */
  get directRows(): number {
    const [first] = this.feeds[this.depth - 1];
    return this.depth > 1 && first?.tier === 0 ? first.units.length : 0;
  }

  /**
   * What part of a gate's cost each row of layer l bears: a direct edge shares its gate with all edges of its input, and
   * every other edge has one of its own.
   * @param group d_0: the input that a column belongs to.
   * @returns d numbers, to be counted for each edge of the row.
   */
  gateShares(l: number, group: ArrayLike<number>): Float64Array {
    const shares = new Float64Array(this.lists[l].length).fill(1);
    if (l + 1 < this.depth || this.directRows === 0) return shares;
    const direct = this.lists[l].subarray(0, this.directRows);
    const columns = new Map<number, number>();
    for (const source of direct) columns.set(group[source], (columns.get(group[source]) ?? 0) + 1);
    direct.forEach((source, row) => { shares[row] = 1 / (columns.get(group[source])! * this.outputs[l]); });
    return shares;
  }

  /** The row of layer l's matrix that each unit of a tier is; -1 for units that the layer does not read. */
  rowsOfTier(l: number, tier: number): Int32Array {
    const rows = new Int32Array(this.tiers[tier]).fill(-1);
    const feed = this.feeds[l].find((own) => own.tier === tier);
    feed?.units.forEach((unit, i) => { rows[unit] = feed.row + i; });
    return rows;
  }

  /** Whether layer l reads all of the tier before and nothing else. */
  isPlain(l: number): boolean {
    const [first, ...others] = this.feeds[l];
    // A model that no input reaches has a layer without any rows.
    if (this.lists[l].length === 0) return this.tiers[l] === 0;
    return others.length === 0 && first.tier === l && first.whole;
  }

  /** Whether every layer reads all of the tier before and nothing else. */
  get plain(): boolean {
    return this.lists.every((_, l) => this.isPlain(l));
  }

  /** The field of a layer that reads what layer l reads: to be spread into it. */
  field(l: number): { sources?: Int32Array } {
    return this.isPlain(l) ? {} : { sources: this.lists[l] };
  }

  tierOf(source: number): number {
    let tier = this.depth - 1;
    while (tier > 0 && source < this.starts[tier]) tier--;
    return tier;
  }

  /** Who reads a source, in the order of the layers. */
  readersOf(source: number): Reader[] {
    return this.lists.flatMap((list, layer) => {
      const row = list.indexOf(source);
      return row < 0 ? [] : [{ layer, row }];
    });
  }

  /** Whether layer l reads any unit of a tier. */
  reads(l: number, tier: number): boolean {
    return this.feeds[l].some((feed) => feed.tier === tier);
  }

  /** The layers that read any unit of a tier, in ascending order. */
  readersOfTier(tier: number): number[] {
    return [...this.feeds.keys()].filter((l) => this.reads(l, tier));
  }

  /**
   * Which sources an input reaches: 1 for those of the columns that are in `columns`, and for every hidden unit to which a
   * path of edges leads from one of them.
   * @param columns d_0 numbers, 0 for a column that is out.
   * @param hasEdge whether there is an edge at place w = row * outputs + unit of the matrix of layer l.
   * @returns one number per source.
   */
  reached(columns: ArrayLike<number>, hasEdge: (l: number, w: number) => boolean): Uint8Array {
    const flags = new Uint8Array(this.size);
    for (let i = 0; i < this.columns; i++) flags[i] = columns[i] ? 1 : 0;
    for (let l = 0; l + 1 < this.depth; l++) {
      const [k, start] = [this.outputs[l], this.starts[l + 1]];
      this.lists[l].forEach((source, row) => {
        if (!flags[source]) return;
        for (let j = 0; j < k; j++) if (!flags[start + j] && hasEdge(l, row * k + j)) flags[start + j] = 1;
      });
    }
    return flags;
  }

  /**
   * Which sources reach an output: 1 for those that are open and from which a path of edges over open units leads to one.
   * @param hasEdge as for {@link reached}.
   * @param isOpen whether a source counts at all.
   * @returns one number per source.
   */
  useful(hasEdge: (l: number, w: number) => boolean, isOpen: (source: number) => boolean = () => true): Uint8Array {
    const flags = new Uint8Array(this.size);
    for (let l = this.depth - 1; l >= 0; l--) {
      const k = this.outputs[l];
      const all = range(0, k);
      const targets = l === this.depth - 1 ? all : all.filter((j) => flags[this.starts[l + 1] + j] === 1);
      this.lists[l].forEach((source, row) => {
        if (!flags[source] && isOpen(source) && targets.some((j) => hasEdge(l, row * k + j))) flags[source] = 1;
      });
    }
    return flags;
  }

  /** The part of a list over all sources that belongs to one tier. */
  tierPart<T extends Uint8Array | Int32Array | Float32Array>(values: T, tier: number): T {
    return values.subarray(this.starts[tier], this.starts[tier] + this.tiers[tier]) as T;
  }

  /**
   * What is left when only some units of each tier stay.
   * @param kept per tier, ascending places within it.
   * @returns per layer the rows of its matrix that stay, and what they are among the sources that stay.
   */
  restricted(kept: readonly Int32Array[]): { rows: Int32Array; sources: Int32Array }[] {
    const places = new Int32Array(this.size).fill(-1);
    let next = 0;
    kept.forEach((units, tier) => units.forEach((unit) => { places[this.starts[tier] + unit] = next++; }));
    return this.lists.map((list) => {
      const rows = range(0, list.length).filter((row) => places[list[row]] >= 0);
      return { rows, sources: rows.map((row) => places[list[row]]) };
    });
  }

  private feedsOfList(list: Int32Array): Feed[] {
    return this.tiers.flatMap((count, tier) => {
      const start = this.starts[tier];
      const rows = [...list.keys()].filter((row) => list[row] >= start && list[row] < start + count);
      if (rows.length === 0) return [];
      return [{ tier, row: rows[0], units: Int32Array.from(rows, (row) => list[row] - start), whole: rows.length === count }];
    });
  }
}

/** The graph of a posterior. */
export const graphOf = ({ inputs, layers }: WiredPosterior): Graph => new Graph(inputs.group.length, layers);

/** The graph of a shape. */
export function graphOfShape({ widths, sources }: WiredShape): Graph {
  return new Graph(widths[0], widths.slice(1).map((outputs, l) => {
    const own = sources?.[l];
    return { inputs: own?.length ?? widths[l], outputs, sources: own };
  }));
}

/** The graph of a network of these widths whose layers all read the inputs beside the layer before. */
export function skipGraph(widths: readonly number[]): Graph {
  const [columns, ...outputs] = widths;
  return new Graph(columns, outputs.map((count, l) => {
    if (l === 0) return { inputs: columns, outputs: count };
    const before = columns + sum(outputs.slice(0, l - 1));
    const sources = Int32Array.from([...range(0, columns), ...range(before, outputs[l - 1])]);
    return { inputs: sources.length, outputs: count, sources };
  }));
}

/**
 * The gate of every source: columns of one input share it, hidden units have one each, in the order of the sources.
 * @param group d_0: the input that a column belongs to.
 * @param inputs number of inputs.
 */
export const gatesOfSources = ({ columns, size }: Graph, group: ArrayLike<number>, inputs: number): Int32Array =>
  Int32Array.from({ length: size }, (_, source) => (source < columns ? group[source] : inputs + source - columns));

/** The sources of all layers as a shape has them. */
export const shapeSources = (graph: Graph): { sources?: (Int32Array | undefined)[] } =>
  (graph.plain ? {} : { sources: graph.outputs.map((_, l) => graph.field(l).sources) });

/**
 * What is wrong with the sources of some layers, in words that begin with `layer 2`; undefined when nothing is.
 * @param columns d_0, the number of input columns.
 */
export function graphFault(columns: number, layers: readonly WiredLayer[]): string | undefined {
  let before = columns;
  for (const [l, { inputs, outputs, sources }] of layers.entries()) {
    const layer = `layer ${l + 1}`;
    const width = l === 0 ? columns : layers[l - 1].outputs;
    if (!sources && inputs !== width) return `${layer} has ${inputs} inputs, but ${width} units come before it`;
    if (sources && sources.length !== inputs) return `${layer} has ${inputs} inputs, but names ${sources.length} sources`;
    if (sources?.some((source, row) => source < 0 || (row > 0 && source <= sources[row - 1]))) {
      return `the sources of ${layer} do not ascend from 0`;
    }
    if (sources && sources.length > 0 && sources[sources.length - 1] >= before) {
      return `${layer} names source ${sources[sources.length - 1]}, but only ${before} come before it`;
    }
    before += outputs;
  }
  return undefined;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const range = (from: number, count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => from + i);
