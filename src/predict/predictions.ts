/** Predictions as CSV rows, in the units and class names of the data. */

import { fail } from '../errors.js';
import {
  classesOf, decidedClass, eachOf, likelihoodOf, marginsOf, numberLikelihoodOf, outputsFor, unitsOf, type OutputDraws,
} from '../likelihood/index.js';
import { classProbabilities, predictiveInterval } from '../inference/predictive/predictive.js';
import type { Matrix, RowFacts, Target } from '../types.js';
import { csvLine, shortFloat32 } from '../data/write-csv.js';
import type { Explainer } from './explanation.js';
import { finiteOutputs, overflow, type EncodedRows } from './finite.js';
import type { Predictor } from './predictor.js';
import { option, words } from '../voice.js';

/** What is told of a row besides the prediction. */
export interface PredictionColumns {
  /** Probability of the central predictive interval (regression only). */
  interval?: number | undefined;
  /** The epistemic and the aleatoric part of the uncertainty: standard deviations, of classes entropies. */
  quantiles?: readonly number[] | undefined;
  /** Raw numbers at which the predictive distribution is told. */
  at?: readonly number[] | undefined;
  uncertainty?: boolean | undefined;
  explainer?: Explainer | undefined;
  /** From which probability on the second of two classes is predicted; absent: the likelier one. */
  decisionThreshold?: number | undefined;
}

/** What may be asked for besides the prediction. */
export interface AskedFor {
  /** Probability of the central predictive interval of numbers, and of the credible intervals of effects. */
  interval?: number | undefined;
  /** Of numbers. */
  quantiles?: readonly number[] | undefined;
  at?: readonly number[] | undefined;
  uncertainty?: boolean | undefined;
  /** What each kept input adds. */
  explain?: boolean | undefined;
  draws?: number | undefined;
  /** From which probability on the second of two classes is predicted; `auto`: as the model knows it from its training rows. */
  decisionThreshold?: number | 'auto' | undefined;
}

/**
 * The probability that is asked for.
 * @throws usage.decision for a target that is not one of two classes, usage.threshold for what is no probability;
 *   run.no-threshold where a model does not know `auto`
 */
export function thresholdOf(
  asked: AskedFor['decisionThreshold'], { path, encoder: { target }, decisionThreshold }: Predictor,
): number | undefined {
  if (asked === undefined) return undefined;
  checkThreshold(asked, target);
  if (asked !== 'auto') return asked;
  if (decisionThreshold !== undefined) return decisionThreshold;
  throw fail('run.no-threshold', words`${option('decisionThreshold', 'auto')}: the model does not have it`, {
    where: { file: path },
    hint: words`Give a number, such as ${option('decisionThreshold', 0.5)}, or make the model again: those of earlier versions lack it, and those that were pruned without the run's data file.`,
  });
}

function checkThreshold(threshold: number | 'auto', target: Target): void {
  if (threshold !== 'auto' && !(threshold >= 0 && threshold <= 1)) {
    throw fail('usage.threshold', words`${option('decisionThreshold', threshold)} is no probability`, { hint: 'It must be from 0 to 1.' });
  }
  const levels = classesOf(target);
  if (levels?.length === 2) return;
  const found = levels ? `one of ${levels.length} classes` : likelihoodOf(target.task).words.kind;
  throw fail('usage.decision', words`'${target.name}' is ${found}, but ${option('decisionThreshold')} applies only to two classes`, {
    hint: levels ? 'Without it the likeliest class is predicted.' : 'Leave it out.',
  });
}

/** What cannot be told of several targets at once. @throws usage.several */
function checkSeveral(targets: readonly Target[], { at, explain }: Pick<AskedFor, 'at' | 'explain'>): void {
  const asked = at ? option('at', at.join()) : explain ? option('explain', true) : undefined;
  if (targets.length < 2 || asked === undefined) return;
  throw fail('usage.several', words`${asked} applies only to a single target, but the model predicts ${String(targets.length)}`, {
    hint: at ? words`${option('quantiles', '0.05,0.5,0.95')} tells where each of them lies.` : 'Train a model of one of the targets to explain its predictions.',
  });
}

/**
 * The columns that are asked for.
 * @param predictor opened with `median` when effects are asked for
 * @throws usage.interval for the interval of a class; usage.decision, usage.threshold, usage.several,
 *   run.no-threshold
 */
export async function columnsOf(
  predictor: Predictor, { interval, quantiles, at, uncertainty, explain, draws, decisionThreshold }: AskedFor,
): Promise<PredictionColumns> {
  const { target } = predictor.encoder;
  const classes = classesOf(target);
  const threshold = thresholdOf(decisionThreshold, predictor);
  if (interval !== undefined && classes && !explain) {
    throw fail('usage.interval', words`'${target.name}' is a class, but ${option('interval')} applies only to numbers`, {
      hint: 'Without it the class probabilities are printed.',
    });
  }
  for (const [name, given] of Object.entries({ quantiles, at })) {
    if (given === undefined || !classes) continue;
    throw fail('usage.interval', words`'${target.name}' is a class, but ${option(name, given.join())} applies only to numbers`, {
      hint: 'Without it the class probabilities are printed.',
    });
  }
  checkSeveral(eachOf(target), { at, explain });
  const columns = { interval: classes ? undefined : interval, quantiles, at, uncertainty, decisionThreshold: threshold };
  if (!explain) return columns;
  // Only now, so that a first prediction does not wait for what it does without.
  const { Explainer } = await import('./explanation.js');
  return { ...columns, explainer: new Explainer(predictor.model!, { draws, interval }) };
}

/**
 * Regression: `y`, with an interval also `y_lower`, `y_upper`, with quantiles `y_q0.05`, and what was asked for `at` numbers; of
 * several targets these of each in turn. Classification: `y`, then `p_LEVEL` for every class. Then
 * `y_epistemic`, `y_aleatoric`, and the explainer's columns, as asked for.
 */
export function predictionNames(target: Target, columns: PredictionColumns = {}): string[] {
  return [...eachOf(target).flatMap((each) => namesOfOne(each, columns)), ...(columns.explainer?.header() ?? [])];
}

function namesOfOne(target: Target, { interval, quantiles = [], at = [], uncertainty }: PredictionColumns): string[] {
  const { name } = target;
  const bounds = [
    ...(interval === undefined ? [] : [`${name}_lower`, `${name}_upper`]), ...quantiles.map((p) => `${name}_q${p}`),
    ...at.map((raw) => numberLikelihoodOf(target)!.at.column(name, String(raw))),
  ];
  return [
    name, ...(classesOf(target)?.map((level) => `p_${level}`) ?? bounds),
    ...(uncertainty ? [`${name}_epistemic`, `${name}_aleatoric`] : []),
  ];
}

/** The same as a line of CSV. */
export const predictionHeader = (target: Target, columns?: PredictionColumns): string =>
  csvLine(predictionNames(target, columns));

/** CSV lines for encoded rows x [n, d], in the order of {@link predictionHeader}. @throws data.not-finite */
export function predictionLines(
  predictor: Predictor, x: Matrix, columns: PredictionColumns = {}, table?: EncodedRows['table'], facts?: RowFacts,
): string {
  return predictRows(predictor, x, columns, table, facts).map((row) => csvLine(predictionCells(row))).join('');
}

/** The cells of a row, in the order of {@link predictionNames}. */
export const predictionCells = ({ label, values }: PredictedRow): (string | number)[] =>
  (label === undefined ? values : [label, ...values]);

/** What is predicted for a row. */
export interface PredictedRow {
  /** The most probable class; absent when the target is a number. */
  label?: string;
  /** What the header lists, after the class: float32 numbers, each as the double with the fewest digits. */
  values: number[];
}

/**
 * Predictions for encoded rows x [n, d].
 * @param table where the rows stood, so that an error can name the line
 * @param facts of counts their exposures; absent: 1 each
 * @throws data.not-finite for a row whose cells are so large that its prediction is not finite
 */
export function predictRows(
  predictor: Predictor, x: Matrix, columns: PredictionColumns = {}, table?: EncodedRows['table'], facts?: RowFacts,
): PredictedRow[] {
  const { encoder, encoder: { target } } = predictor;
  const from = { x, encoder, table };
  const given = (outputs: OutputDraws): OutputDraws => outputsFor(finiteOutputs(outputs, from), target, facts);
  const outputs = given(predictor.outputs(x));
  const { interval, quantiles = [], at = [] } = columns;
  const draws = interval !== undefined || quantiles.length > 0 || at.length > 0 || columns.uncertainty;
  const drawn = draws ? given(predictor.draws(x)) : outputs;
  const levels = classesOf(target);
  const classes = levels && classProbabilities(outputs);
  const tops = classes && Array.from({ length: x.rows }, (_, n) =>
    decidedClass(rowOf(classes, n), columns.decisionThreshold).index);
  const numbers = [
    ...(classes ? [(n: number) => Array.from(rowOf(classes, n)), ...(columns.uncertainty ? [uncertainty(drawn, target)] : [])]
      : ofNumbers(outputs, drawn, target, columns)),
    ...(columns.explainer ? [listed(columns.explainer.rows(x, tops ?? []))] : []),
  ];
  return Array.from({ length: x.rows }, (_, n) => {
    const values = numbers.flatMap((of) => of(n)).map((value) => shortFloat32(Math.fround(value)));
    if (!values.every(Number.isFinite)) throw overflow(from, n);
    return tops ? { label: levels[tops[n]], values } : { values };
  });
}

type OfRow = (row: number) => number[];

const listed = (rows: number[][]): OfRow => (n) => rows[n];

const rowOf = ({ cols, data }: Matrix, n: number): Float32Array => data.subarray(n * cols, (n + 1) * cols);

/** What is told of each number in turn. */
function ofNumbers(outputs: OutputDraws, drawn: OutputDraws, target: Target, columns: PredictionColumns): OfRow[] {
  const others = marginsOf(drawn, target);
  return marginsOf(outputs, target).flatMap(({ target: own, outputs: mean }, place) => {
    const { outputs: draws } = others[place];
    return [moments(mean, draws, own, columns), ...(columns.uncertainty ? [uncertainty(draws, own)] : [])];
  });
}

/** The mean, the bounds of the interval and the quantiles in the target's units; then probabilities at some numbers. */
function moments(
  outputs: OutputDraws, drawn: OutputDraws, target: Target, { interval, quantiles = [], at = [] }: PredictionColumns,
): OfRow {
  const { scale, shift } = unitsOf(target);
  const likelihood = numberLikelihoodOf(target)!;
  const mean = likelihood.expected(outputs);
  const bounds = interval === undefined ? undefined : predictiveInterval(drawn, interval);
  const places = quantiles.map((p) => likelihood.quantiles(drawn, p));
  const probabilities = at.map((raw) => likelihood.at.probability(drawn, raw, (raw - shift) / scale));
  return (n) => [
    ...[mean[n], ...(bounds ? [bounds.lower[n], bounds.upper[n]] : []), ...places.map((each) => each[n])]
      .map((value) => value * scale + shift),
    ...probabilities.map((each) => each[n]),
  ];
}

function uncertainty(drawn: OutputDraws, target: Target): OfRow {
  const { epistemic, aleatoric } = likelihoodOf(target.task).uncertainty(drawn, target);
  return (n) => [epistemic[n], aleatoric[n]];
}
