/**
 * How much less rows of groups tell than independent ones (docs/method.md, Rows in groups): a slope is as uncertain as if a group
 * of m rows were m / (1 + (m - 1) rho) of them, rho being the product of the intraclass correlations of input and residual
 * (Moulton 1986).
 */
import { numbered } from '../data/grouped.js';
import { heldOutScores, type Begun } from './ridge.js';
import type { Dependence, LinearProblem } from './types.js';
import { outputCount, totalWeight } from '../likelihood/index.js';
import { intraclassCorrelation } from '../maths/variance.js';
import type { Matrix, Response } from '../types.js';

/** Standard normal scores: one table in a hundred without dependence is beyond. */
const SHOWN = 2.33;

/**
 * Undefined where rows have no groups, or these were not shown to matter.
 * @param begun a ridge of the rows without their weights, which are no part of what is alike
 */
export function dependenceOf({ task, x, y }: Pick<LinearProblem, 'task' | 'x' | 'y'>, begun: Begun): Dependence | undefined {
  if (!y.groups) return undefined;
  const { groups } = y;
  const { weights: _, ...bare } = y;
  const { rows, scores } = heldOutScores({ task, y: bare }, begun);
  const K = outputCount(y);
  const residuals = Array.from({ length: K }, (_, k) => Float64Array.from(rows, (_, at) => scores[at * K + k]));
  const left = intraclassCorrelation(residuals, numbered(Int32Array.from(rows, (row) => groups[row])).of);
  if (!left || left.score < SHOWN) return undefined;
  const { of } = numbered(groups);
  let inputs = 0;
  for (let c = 0; c < x.cols; c++) {
    const own = intraclassCorrelation([Float64Array.from({ length: x.rows }, (_, n) => x.data[n * x.cols + c])], of);
    if (own && own.score >= SHOWN) inputs = Math.max(inputs, own.value);
  }
  if (inputs === 0) return undefined;
  const dependence = { residuals: Math.min(1, left.value), inputs: Math.min(1, inputs), rows: 0 };
  return { ...dependence, rows: totalWeight(weighed({ x, y }, dependence).y) };
}

/** Rows with what the likelihood takes of their targets. */
interface Responses {
  x: Matrix;
  y: Response;
}

/** The training rows, each of a group of m as 1 / (1 + (m - 1) rho). */
export function weighed({ x, y }: Responses, dependence: Pick<Dependence, 'residuals' | 'inputs'> | undefined): Responses {
  if (!dependence || !y.groups) return { x, y };
  const rho = dependence.residuals * dependence.inputs;
  const { count, of } = numbered(y.groups);
  const sizes = new Int32Array(count);
  for (const g of of) sizes[g]++;
  const weights = Float32Array.from(of, (g, n) => (y.weights?.[n] ?? 1) / (1 + (sizes[g] - 1) * rho));
  return { x, y: { ...y, weights } };
}
