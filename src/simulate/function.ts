/**
 * Random smooth functions of chosen inputs: a main effect of each (linear, quadratic or a sine) and one product of two of
 * them. All constants are fixed on one matrix, the training rows, so that the function is the same on any other rows.
 */
import type { Stream } from '../random.js';
import type { Matrix } from '../types.js';

export type Effect = 'linear' | 'quadratic' | 'sine';

export interface RandomFunction {
  /** By chosen input. */
  effects: Effect[];
  /** The two inputs whose product is a term, where there are two. */
  interaction?: [number, number];
  /** Value of each row of x [n, d]: n numbers of mean 0 and variance 1 on the rows it was drawn for. */
  at(x: Matrix): Float64Array;
}

type Column = (x: Matrix) => Float64Array;

/** A term's standard deviation below which it is taken for constant. */
const CONSTANT = 1e-6;

/**
 * Draws a function.
 * @param x training rows [n, d], standardised by column
 * @param group d: the input that each column belongs to
 * @param inputs which inputs it depends on, and on no other
 */
export function drawFunction(x: Matrix, group: Int32Array, inputs: readonly number[], stream: Stream): RandomFunction {
  const scores = inputs.map((input) => standardised(drawScore(group, input, stream.split('score', input)), x).column);
  const terms: Column[] = [];
  const effects = scores.map((score, i): Effect => {
    const { effect, column } = drawEffect(score, x, stream.split('effect', inputs[i]));
    terms.push(column);
    return effect;
  });
  const interaction = inputs.length > 1 ? stream.split('interaction').permutation(inputs.length).subarray(0, 2) : undefined;
  if (interaction) {
    const [a, b] = interaction;
    terms.push(standardised((rows) => scores[a](rows).map(timesEach(scores[b](rows))), x).column);
  }
  const weights = terms.map((_, t) => drawWeight(stream.split('weight', t)));
  const sum: Column = (rows) => {
    const values = new Float64Array(rows.rows);
    terms.forEach((term, t) => term(rows).forEach((value, n) => { values[n] += weights[t] * value; }));
    return values;
  };
  return {
    effects, at: standardised(sum, x).column,
    ...(interaction && { interaction: [inputs[interaction[0]], inputs[interaction[1]]] }),
  };
}

const timesEach = (others: Float64Array) => (value: number, n: number): number => value * others[n];

/** Plus or minus 0.5 to 1.5: no chosen input is negligible, and they differ. */
function drawWeight(stream: Stream): number {
  const size = 0.5 + stream.uniform();
  return stream.uniform() < 0.5 ? -size : size;
}

/**
 * An input as one number per row: its column, or a random combination of several (an effect for every level). The numbers
 * are squashed to (-2, 2), so that the signal does not rest on a few extreme cells.
 */
function drawScore(group: Int32Array, input: number, stream: Stream): Column {
  const columns = Array.from(group.keys()).filter((column) => group[column] === input);
  const weights = columns.length === 1 ? [1] : stream.normals(columns.length);
  return ({ rows, cols, data }) => Float64Array.from({ length: rows }, (_, n) =>
    columns.reduce((sum, column, c) => sum + weights[c] * 2 * Math.tanh(data[n * cols + column] / 2), 0));
}

/** Half of the effects are linear; of an input with two values a square may be constant, and then its effect is linear, too. */
function drawEffect(score: Column, x: Matrix, stream: Stream): { effect: Effect; column: Column } {
  const draw = stream.uniform();
  const [frequency, phase] = [1 + 1.5 * stream.uniform(), 2 * Math.PI * stream.uniform()];
  const curves: Partial<Record<Effect, (u: number) => number>> = {
    quadratic: (u) => u * u, sine: (u) => Math.sin(frequency * u + phase),
  };
  const effect: Effect = draw < 0.5 ? 'linear' : draw < 0.75 ? 'quadratic' : 'sine';
  const curve = curves[effect];
  if (!curve) return { effect, column: score };
  const { column, sd } = standardised((rows) => score(rows).map(curve), x);
  return sd < CONSTANT ? { effect: 'linear', column: score } : { effect, column };
}

/** The column with mean 0 and variance 1 on the rows of x, unless it is constant there. */
function standardised(column: Column, x: Matrix): { column: Column; sd: number } {
  const values = column(x);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  const scale = sd < CONSTANT ? 1 : sd;
  return { column: (rows) => column(rows).map((value) => (value - mean) / scale), sd };
}
