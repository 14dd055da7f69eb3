/** The best structures of a search as one network, which computes their average (docs/method.md, Ensembles). */
import { subsetEncoder } from '../../data/index.js';
import { Graph } from '../../model/graph.js';
import { BIAS, EDGE, SKIP, UNIT_BIAS } from '../../search/layout.js';
import type { Background, CompressedLayer, CompressedModel, Encoder, StructureAverage } from '../../types.js';
import { hiddenUnit, outputUnits } from '../units.js';
import type { PruneReport } from './prune.js';
import { grownReport } from './with-background.js';

export interface EnsembleParts {
  structures: StructureAverage['structures'];
  /** The linear model of all inputs times its share of the average, whose other share is that of all structures. */
  background?: Background | undefined;
  /** Its columns are those that the structures name. */
  encoder: Encoder;
  /** One for each of its features. */
  pips: ArrayLike<number>;
  noiseVariance: number;
}

export interface EnsembleOptions {
  /** The most structures, at least 1, the linear model counted as one. */
  size: number;
  /** Names of the inputs that a structure may use. */
  inputs: ReadonlySet<string>;
  /** Whether the linear model of all inputs may be one of them; by default it may. */
  linear?: boolean;
  /** Noted in the model. */
  threshold: number;
}

export interface Ensemble {
  model: CompressedModel;
  /** How many structures it has, the linear model not counted, and the share of the whole average that it has. */
  structures: number;
  share: number;
  /** The share of the linear model of all inputs; absent where it is not one of them. */
  linear?: number;
}

/** A share of the linear model below which it never is one of them. */
const LEAST_SHARE = 1e-3;

/**
 * The first structures that use no inputs but the given ones, and the linear model of all inputs where its share is among the
 * largest. The outputs of the model are the mean of theirs, weighted by share; its weights are without spread.
 * @returns undefined where each structure uses another input, and the linear model is not there
 */
export function ensembleOf(
  parts: EnsembleParts, { size, inputs, linear = true, threshold }: EnsembleOptions,
): Ensemble | undefined {
  const { structures, background, encoder, pips, noiseVariance } = parts;
  const mayUse = encoder.features.flatMap(({ name, columns }) => columns.map(() => inputs.has(name)));
  const chosen: number[] = [];
  for (let m = 0; m < structures.share.length && chosen.length < size; m++) {
    const columns = structures.column.subarray(structures.from[m], structures.from[m + 1]);
    if (columns.every((column) => column < 0 || mayUse[column])) chosen.push(m);
  }
  const sparse = background?.share ?? 1;
  const dense = linear && background !== undefined && 1 - sparse >= LEAST_SHARE
    && (chosen.length < size || 1 - sparse >= sparse * structures.share[chosen[size - 1]]);
  if (dense && chosen.length === size) chosen.pop();
  if (chosen.length === 0 && !dense) return undefined;
  const own = chosen.reduce((total, m) => total + structures.share[m], 0);
  const share = sparse * own + (dense ? 1 - sparse : 0);
  const rest = dense ? sparse * own / share : 1;
  const outputs = outputUnits(encoder.target);
  const sum = new Sum(mayUse.length, outputs.length);
  // Shares far down the list may be too small for a number.
  for (const m of chosen) sum.add(structures, m, rest * (own > 0 ? structures.share[m] / own : 1 / chosen.length));
  if (dense) sum.addLinear(background, 1 / share);
  const part = subsetEncoder(encoder, sum.columns());
  const kept = new Set(part.features.map(({ name }) => name));
  const model: CompressedModel = {
    task: encoder.target.task, activation: 'xtanh', encoder: part, layers: sum.layers(outputs), noiseVariance,
    inputPips: encoder.features.flatMap(({ name }, f) => (kept.has(name) ? [pips[f]] : [])), threshold,
  };
  return { model, structures: chosen.length, share, ...(dense && { linear: 1 - sparse }) };
}

interface Unit {
  bias: number;
  /** By encoded column. */
  edges: Map<number, number>;
  /** K. */
  out: Float64Array;
}

/** Equation (31) summed over structures: phi(a) = xtanh(a / 2), so that weights and biases of units are halved. */
class Sum {
  private readonly bias: Float64Array;
  /** By encoded column, K each. */
  private readonly skips = new Map<number, Float64Array>();
  private readonly units: Unit[] = [];

  constructor(private readonly width: number, private readonly outputs: number) {
    this.bias = new Float64Array(outputs);
  }

  add({ from, kind, column, output, weight }: EnsembleParts['structures'], m: number, share: number): void {
    for (let p = from[m]; p < from[m + 1]; p++) {
      if (kind[p] === BIAS) this.bias[output[p]] += share * weight[p];
      else if (kind[p] === SKIP) this.skipsOf(column[p])[output[p]] += share * weight[p];
      else if (kind[p] === UNIT_BIAS) this.begin(weight[p] / 2);
      else {
        const { edges, out } = this.units[this.units.length - 1];
        if (kind[p] === EDGE) edges.set(column[p], weight[p] / 2);
        else out[output[p]] = share * weight[p];
      }
    }
  }

  addLinear({ weight, bias }: Background, factor: number): void {
    bias.forEach((value, k) => { this.bias[k] += factor * value; });
    for (let column = 0; column < this.width; column++) {
      const skips = this.skipsOf(column);
      for (let k = 0; k < this.outputs; k++) skips[k] += factor * weight[column * this.outputs + k];
    }
  }

  private begin(bias: number): void {
    this.units.push({ bias, edges: new Map(), out: new Float64Array(this.outputs) });
  }

  private skipsOf(column: number): Float64Array {
    const known = this.skips.get(column) ?? new Float64Array(this.outputs);
    this.skips.set(column, known);
    return known;
  }

  /** Whether each encoded column is read. */
  columns(): boolean[] {
    const read = new Set([...this.skips.keys(), ...this.units.flatMap(({ edges }) => [...edges.keys()])]);
    return Array.from({ length: this.width }, (_, column) => read.has(column));
  }

  /** Of a network whose columns are those that are read. */
  layers(names: string[]): CompressedLayer[] {
    const read = [...this.columns().entries()].flatMap(([column, isRead]) => (isRead ? [column] : []));
    const { skips, units, bias } = this;
    const direct = rows(read, (column) => skips.get(column));
    const leading = units.map(({ out }, h) => ({ source: read.length + h, values: out }));
    const last = layerOf([...direct, ...leading], bias, names);
    if (units.length === 0) return wired(read.length, [last]);
    const edges = rows(read, (column) =>
      (units.some((unit) => unit.edges.has(column)) ? units.map((unit) => unit.edges.get(column) ?? 0) : undefined));
    return wired(read.length, [layerOf(edges, units.map((unit) => unit.bias), units.map((_, h) => hiddenUnit(0, h))), last]);
  }
}

/** What a source gives to each unit of a layer. */
interface Row {
  source: number;
  values: ArrayLike<number>;
}

function rows(read: readonly number[], valuesOf: (column: number) => ArrayLike<number> | undefined): Row[] {
  return read.flatMap((column, source) => {
    const values = valuesOf(column);
    return values ? [{ source, values }] : [];
  });
}

function layerOf(list: readonly Row[], bias: ArrayLike<number>, units: string[]): CompressedLayer & { sources: Int32Array } {
  const outputs = units.length;
  const weight = new Float32Array(list.length * outputs);
  list.forEach(({ values }, row) => weight.set(values, row * outputs));
  return {
    inputs: list.length, outputs, sources: Int32Array.from(list, ({ source }) => source), units,
    weight, weightSd: new Float32Array(weight.length), bias: Float32Array.from(bias), biasSd: new Float32Array(outputs),
  };
}

function wired(columns: number, layers: (CompressedLayer & { sources: Int32Array })[]): CompressedLayer[] {
  const graph = new Graph(columns, layers);
  return layers.map(({ sources: _, ...layer }, l) => ({ ...layer, ...graph.field(l) }));
}

/** What is told of an ensemble. */
export const ensembleFacts = ({ model: _, ...facts }: Ensemble): Omit<Ensemble, 'model'> => facts;

/** The report of a cut, of the ensemble that is exported in its place. */
export function ensembleReport(report: PruneReport, model: CompressedModel): PruneReport {
  const grown = grownReport(report, model);
  const hidden = model.layers.length > 1 ? model.layers[0].outputs : 0;
  const isHidden = ({ name }: PruneReport['units'][number]): boolean => /^h\d+$/.test(name);
  const own = grown.units.filter(isHidden).map((unit, h) => ({ ...unit, after: h === 0 ? hidden : 0 }));
  if (own.length === 0 && hidden > 0) own.push({ name: 'h1', before: 0, after: hidden });
  const [inputs, columns, ...others] = grown.units.filter((unit) => !isHidden(unit));
  return { ...grown, units: [inputs, columns, ...own, ...others] };
}
