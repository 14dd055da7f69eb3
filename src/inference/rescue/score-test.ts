/**
 * Which closed inputs could explain what a network leaves over: a score test of each of them against the residuals. The
 * network's own gates cannot tell, for nodes that would need the input are closed, or were formed without it.
 */
import type { FitData } from '../../train/types.js';
import { likelihoodOf, takeResponses } from '../../likelihood/index.js';
import { Rows } from '../../linear/rows.js';
import type { Matrix, Posterior, Response } from '../../types.js';
import { columnsOfInputs } from '../../model/gates.js';
import { drawOutputs } from '../predictive/predict.js';
import { average, sumOf } from '../../maths/statistics.js';
import { dot, takeRows } from '../../maths/vector.js';
import type { Stream } from '../../random.js';

/** Draws of the network whose mean is subtracted. */
const DRAWS = 32;
/** Rows that the test sees; more tell it nothing new about what is worth opening. */
const MAX_ROWS = 5000;
/** Inputs opened at a time: each false one costs fit. */
const MAX_INPUTS = 4;
/** Open inputs whose product with the closed one is tested. */
const MAX_PARTNERS = 4;
/** Columns that take two values have no powers of their own. */
const POWERS = [1, 2, 3];
/** What a term must add to the variance that those before leave of it. */
const MIN_SHARE = 1e-3;

/**
 * The closed inputs with the largest expected gain in log-likelihood, in nats, from a cubic in the input and from its
 * products with open inputs; at most four, and only if the gain is more than chance would give one of m inputs: twice the gain
 * is chi-square with d degrees of freedom then, and above d + 2 sqrt(d log m) + 2 log m with a probability below 1/m (Laurent,
 * Massart 2000, Lemma 1).
 * @param inputs PIP of each input
 */
export function scoreTest(posterior: Posterior, { x, y }: FitData, inputs: ArrayLike<number>, stream: Stream): number[] {
  const rows = stream.split('rows').permutation(x.rows).subarray(0, MAX_ROWS);
  const weights = y.weights && Float32Array.from(rows, (row) => y.weights![row]);
  const residuals = residualsOf(posterior, x, y, rows, stream.split('draws')).map((each) => centred(each, weights));
  const columnsOf = columnsOfInputs(posterior).map((columns) => [...columns]);
  const closed = [...columnsOf.keys()].filter((k) => inputs[k] < 0.5);
  const column = (c: number): Float64Array => Float64Array.from(rows, (row) => x.data[row * x.cols + c]);
  const open = [...columnsOf.keys()].filter((k) => inputs[k] >= 0.5).sort((a, b) => inputs[b] - inputs[a]);
  const partners = open.slice(0, MAX_PARTNERS).map((k) => column(columnsOf[k][0]));
  const limit = Math.log(Math.max(1, closed.length));
  const excess = ({ gain, terms }: Gain): number => gain - terms / 2 - Math.sqrt(terms * limit) - limit;
  return closed
    .map((k) => ({ k, beyondChance: excess(gainOf(termsOf(columnsOf[k].map(column), partners), residuals, weights)) }))
    .filter(({ beyondChance }) => beyondChance > 0)
    .sort((a, b) => b.beyondChance - a.beyondChance)
    .slice(0, MAX_INPUTS)
    .map(({ k }) => k);
}

/** d log p(y | f) / d f, which is proportional to y minus its expectation, averaged over draws: one list per output. */
function residualsOf(posterior: Posterior, x: Matrix, y: Response, rows: Int32Array, stream: Stream): Float64Array[] {
  const [{ values, noiseVariance, outputs: K }] = drawOutputs(posterior, DRAWS, stream, [takeRows(x, rows)]);
  const { weights: _, ...alike } = takeResponses(y, rows);
  const scores = new Rows(likelihoodOf(posterior.task), alike, noiseVariance);
  const sums = new Float64Array(rows.length * K);
  for (let at = 0; at < values.length; at += sums.length) {
    scores.at(Float64Array.from(values.subarray(at, at + sums.length)));
    scores.gradient.forEach((score, place) => { sums[place] += score; });
  }
  return Array.from({ length: K }, (_, k) => Float64Array.from(rows, (_, n) => sums[n * K + k]));
}

/** With mean 0; those of weighted rows times the root of the weight, so that products are weighted. */
function centred(values: Float64Array, weights?: Float32Array): Float64Array {
  if (weights) {
    const mean = average(values, weights);
    return values.map((v, n) => Math.sqrt(weights[n]) * (v - mean));
  }
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.map((v) => v - mean);
}

/** What an input could add: powers of a single column, the columns themselves of a group, products with the partners. */
function termsOf(columns: Float64Array[], partners: Float64Array[]): Float64Array[] {
  const powers = columns.length === 1 ? POWERS.map((power) => columns[0].map((v) => v ** power)) : columns;
  return [...powers, ...columns.flatMap((own) => partners.map((partner) => own.map((v, n) => v * partner[n])))];
}

interface Gain {
  gain: number;
  terms: number;
}

/** Half the reduction of the residuals' squares in units of their variance, by terms made orthogonal one after the other. */
function gainOf(terms: Float64Array[], residuals: Float64Array[], weights?: Float32Array): Gain {
  const basis: { values: Float64Array; square: number }[] = [];
  for (const term of terms) {
    let values = centred(term, weights);
    const before = dot(values, values);
    for (const { values: own, square } of basis) {
      const share = dot(own, values) / square;
      values = values.map((v, n) => v - share * own[n]);
    }
    const square = dot(values, values);
    if (square > MIN_SHARE * before) basis.push({ values, square });
  }
  const rows = weights ? sumOf(weights) : residuals[0].length;
  const reduction = (residual: Float64Array): number => {
    const total = dot(residual, residual);
    const explained = basis.reduce((sum, { values, square }) => sum + dot(values, residual) ** 2 / square, 0);
    return total > 0 ? (explained / total) * (rows / 2) : 0;
  };
  return { gain: residuals.reduce((sum, residual) => sum + reduction(residual), 0), terms: basis.length * residuals.length };
}
