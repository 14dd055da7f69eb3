/**
 * The columns of a table in as few orthogonal axes as they span. N(0, s^2 I) as the prior of the weights of either gives X w the
 * same law on the rows, so that a linear model of all columns is fitted on no more axes than there are rows.
 */
import { scoresOf, type Scores } from '../linear/scores.js';
import { layoutOf, type Layout } from './layout.js';
import { emptyNetwork, fullMask, type Network } from './network.js';
import type { SearchTable } from './problem.js';
import { slabsAt, type Scales } from './scales.js';

/** A sum of squares that is a smaller part of the largest one is rounding. */
const NOTHING = 1e-10;

/** The axes of a table whose slabs differ: that of an axis is in proportion to a power of its standard deviation. */
export class Axes {
  /** Each axis is an input of one column. */
  readonly table: SearchTable;
  /** r: place of each axis among those of the scores, and what its values are multiplied by. */
  private readonly kept: { axis: number; factor: number }[];

  private constructor(private readonly whole: SearchTable, private readonly scores: Scores, power: number) {
    const { squares, data, axes } = scores;
    const most = squares.reduce((largest, square) => Math.max(largest, square), 0);
    const places = Array.from(squares.keys()).filter((axis) => squares[axis] > NOTHING * most);
    // The variance that the prior gives the outputs, on average over the rows, is the same for every power.
    const sum = (of: (square: number) => number): number => places.reduce((total, axis) => total + of(squares[axis] / most), 0);
    const level = sum((square) => square) / sum((square) => square ** (1 + power));
    this.kept = places.map((axis) => ({ axis, factor: Math.sqrt(level * (squares[axis] / most) ** power) }));
    const columns = this.kept.map(({ axis, factor }) =>
      Float64Array.from({ length: whole.rows }, (_, n) => factor * data[n * axes + axis]));
    this.table = {
      ...whole, x: columns, inputs: columns.length, places: columns.map((_, axis) => [axis]), columns: columns.map(() => 1),
    };
  }

  /** One for each power. */
  static of(table: SearchTable, powers: readonly number[]): Axes[] {
    const { rows, x } = table;
    const data = new Float32Array(rows * x.length);
    x.forEach((column, c) => column.forEach((value, n) => { data[n * x.length + c] = value; }));
    const scores = scoresOf({ rows, cols: x.length, data });
    return powers.map((power) => new Axes(table, scores, power));
  }

  /** Of the linear model of all columns of the table. */
  layoutAt(scales: Scales): Layout {
    const { whole, whole: { likelihood, places, outputs } } = this;
    return layoutOf(allLinear(whole), places, outputs, slabsAt(likelihood, scales));
  }

  /**
   * Weights on the columns, in the order of that layout; they are within the span of the rows.
   * @param w K + r x K: biases, and weights on the axes
   */
  back(w: Float64Array): Float64Array {
    const { whole: { outputs: K, places }, scores, kept } = this;
    const onAxes = new Float64Array(scores.axes * K);
    kept.forEach(({ axis, factor }, at) => {
      for (let k = 0; k < K; k++) onAxes[axis * K + k] = factor * w[(1 + at) * K + k];
    });
    const weight = scores.back(onAxes, K);
    const order = places.flat();
    const all = new Float64Array((1 + order.length) * K);
    all.set(w.subarray(0, K));
    order.forEach((c, at) => all.set(weight.subarray(c * K, (c + 1) * K), (1 + at) * K));
    return all;
  }
}

/** The linear model of all inputs, its weights at nothing. */
export const allLinear = ({ outputs, columns }: SearchTable): Network => ({
  ...emptyNetwork(outputs),
  skips: columns.map((count, input) => ({ input, mask: fullMask(outputs), weight: new Float64Array(count * outputs) })),
});
