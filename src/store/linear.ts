/** linear.json: what a linear model alone finds in the training rows, by the names of inputs and encoded columns. */
import { shortFloat32 } from '../data/write-csv.js';
import { namedSet } from '../inference/inclusion/sets.js';
import { encodedNames } from '../inference/units.js';
import { likelihoodOf } from '../likelihood/index.js';
import type { LinearPart, PenalisedLinear } from '../linear/types.js';
import { jsonLines } from './files.js';
import { damaged } from './tables.js';
import { count, list, looseRecord, number, oneOf, optional, text, type Checked } from '../rules.js';
import type { Encoder } from '../types.js';

const probability = number({ min: 0, max: 1 });
/** Weights on the encoded columns, one for each output of the likelihood. */
const columns = list(looseRecord({ column: text, weight: list(number()) }));
const intercept = list(number());

const effects = looseRecord({
  sweeps: count(),
  sets: list(looseRecord({
    inputs: list(looseRecord({ input: text, probability }), { min: 1 }), purity: probability, logBayesFactor: number(),
  })),
  inputs: list(looseRecord({ input: text, pip: probability, logBayesFactor: number() })),
  columns, intercept,
});
const ridge = looseRecord({ penalty: number({ min: 0 }), noiseVariance: number({ min: 0 }), columns, intercept });

const dependence = looseRecord({ residuals: probability, inputs: probability, rows: number({ min: 0 }) });

export const linearRule = looseRecord({
  schemaVersion: oneOf(1), dependence: optional(dependence), skipped: optional(text), effects: optional(effects),
  ridge: optional(ridge),
});

/** Content of linear.json. */
export type LinearDocument = Checked<typeof linearRule>;

/** The file: a line for each input and for each column. Figures that nothing is computed from have six digits. */
export const linearText = (part: LinearPart, encoder: Encoder): string => jsonLines(linearDocument(part, encoder));

export function linearDocument(part: LinearPart, encoder: Encoder): LinearDocument {
  const { dependence: dependent, effects: found, ridge: penalised, skipped } = part;
  const names = encodedNames(encoder);
  const weights = (
    { weight, bias }: Pick<PenalisedLinear, 'weight' | 'bias'>, digits: (value: number) => number,
  ): Pick<Checked<typeof ridge>, 'columns' | 'intercept'> => ({
    columns: names.map((column, c) =>
      ({ column, weight: Array.from(weight.subarray(c * bias.length, (c + 1) * bias.length), digits) })),
    intercept: Array.from(bias, digits),
  });
  return {
    schemaVersion: 1, ...(dependent && { dependence: dependent }), ...(skipped !== undefined && { skipped }),
    ...(found && {
      effects: {
        sweeps: found.sweeps,
        sets: found.sets.map((set) => namedSet(set, encoder)).map(({ inputs, purity, logBayesFactor }) =>
          ({ inputs, purity, logBayesFactor: logBayesFactor! })),
        inputs: encoder.features.map(({ name }, f) =>
          ({ input: name, pip: short(found.pips[f]), logBayesFactor: short(found.marginal[f]) })),
        ...weights(found, short),
      },
    }),
    ...(penalised && {
      ridge: { penalty: penalised.penalty, noiseVariance: penalised.noiseVariance, ...weights(penalised, shortFloat32) },
    }),
  };
}

/**
 * The penalised linear model, its columns in the order of the encoder's.
 * @param file what errors call it
 * @throws run.damaged when it has other columns, or weights for another number of outputs
 */
export function ridgeOf({ ridge: stored }: LinearDocument, encoder: Encoder, file: string): PenalisedLinear | undefined {
  if (stored === undefined) return undefined;
  const { penalty, noiseVariance, columns: all, intercept: bias } = stored;
  const names = encodedNames(encoder);
  const outputs = likelihoodOf(encoder.target.task).outputNames(encoder.target).length;
  const fits = all.length === names.length && bias.length === outputs
    && all.every(({ column, weight }, c) => column === names[c] && weight.length === outputs);
  if (!fits) throw damaged(file, 'the columns of ridge are not those of the encoder');
  return {
    penalty, noiseVariance, weight: Float64Array.from(all.flatMap(({ weight }) => weight)), bias: Float64Array.from(bias),
  };
}

const short = (value: number): number => Number(value.toPrecision(6));
