/**
 * Fits an encoder on training rows: nothing about validation or test rows enters means, scales or levels. (Whether a column is
 * numeric or categorical, and the list of class labels, are read off the whole table.)
 */

import type { Config } from '../config/schema.js';
import { fail, type Problem } from '../errors.js';
import { targetNames } from '../likelihood/index.js';
import { finish } from '../steps.js';
import type { Encoder, Feature } from '../types.js';
import type { DateOption } from './date-column.js';
import { fitFeature } from './fit-feature.js';
import { checkGroups, featureOf, grouped } from './groups.js';
import { inferKind, throwProblems } from './infer.js';
import type { MinLevel } from './rare.js';
import { columnRoles, rowFacts, type RowFactOptions } from './row-facts.js';
import { styleOf, type StyleOptions } from './style.js';
import type { Table } from './table.js';
import { fitTarget } from './target.js';
import { unknownColumn } from './unknown-column.js';
import type { Words } from '../voice.js';

export type EncoderOptions = Pick<Config['data'], 'target' | 'task' | 'missing' | 'columns'> & StyleOptions & RowFactOptions
  & { dates?: DateOption | undefined; minLevel?: MinLevel | undefined; groups?: Config['data']['groups'] | undefined };

/**
 * Learns how a row of this table becomes network inputs.
 *
 * A numeric column becomes (x - mean) / sd; a categorical one an indicator per level (one only, of the second level, when there
 * are two); a date the parts of `DATE_PARTS`; each gets an indicator `name=missing` if training rows lack it. Columns that do not
 * vary are left out. Means and deviations are weighted as the rows are, so that a row of weight 3 counts as three equal ones.
 * @param rows the training rows
 * @throws data.unknown-column, data.all-missing-column, data.not-a-number, data.not-finite, data.wrong-cell, data.ambiguous-date,
 *   data.no-inputs, and what the target may raise (see `resolveTarget`)
 */
export const fitEncoder = (table: Table, rows: Int32Array, options: EncoderOptions): Encoder =>
  finish(encoderSteps(table, rows, options));

/** The same, which may be left between two columns. */
export function* encoderSteps(table: Table, rows: Int32Array, options: EncoderOptions): Generator<void, Encoder> {
  checkOverrides(table, options);
  checkGroups(table, options);
  const facts = rowFacts(table, { weights: options.weights, exposure: options.exposure, event: options.event });
  const { weights } = facts;
  const fitted = fitTarget(table, rows, options, facts);
  const features: Feature[] = [];
  const dropped: Encoder['dropped'] = [];
  const problems: Problem<Words>[] = [];
  const [roles, targets] = [columnRoles(options), targetNames(options.target)];
  for (const [index, name] of table.names.entries()) {
    if (targets.includes(name)) continue;
    const reason = roles.get(name) ?? (options.columns[name]?.kind === 'ignore' ? 'ignored in the config' : undefined);
    if (reason !== undefined) {
      dropped.push({ name, reason });
      continue;
    }
    yield;
    const verdict = inferKind(table, index, options);
    if (verdict.problem) {
      problems.push(verdict.problem);
      continue;
    }
    const { levels } = options.columns[name] ?? {};
    const feature = fitFeature(name, verdict, table.columns[index], { rows, weights, levels, minLevel: options.minLevel });
    if (typeof feature === 'string') dropped.push({ name, reason: feature });
    else features.push({ ...feature, ...ownPrior(options.columns[name]) });
  }
  throwProblems(problems);
  if (features.length === 0) throw noInputs(table, dropped);
  const style = styleOf(options);
  const inputs = grouped(features, options.groups);
  return {
    schemaVersion: 1, features: inputs, ...fitted, missing: [...options.missing], ...(style && { style }),
    ...(options.weights && { weights: options.weights }), ...(options.exposure && { exposure: options.exposure }),
    ...(options.event && { event: options.event }), dropped,
  };
}

/** Keeps the encoded columns whose flag is true (in the order of the network's inputs); features left without any are dropped. */
export function subsetEncoder(encoder: Encoder, keptColumns: readonly boolean[]): Encoder {
  let at = 0;
  const features: Feature[] = [];
  const dropped = [...encoder.dropped];
  for (const feature of encoder.features) {
    const left = featureOf(feature, keptColumns.slice(at, at += feature.columns.length));
    if (left) features.push(left);
    else dropped.push({ name: feature.name, reason: 'pruned' });
  }
  if (at !== keptColumns.length) throw new RangeError(`${keptColumns.length} flags for ${at} encoded columns`);
  return { ...encoder, features, dropped };
}

/** Of a column that is kept, or that has a prior probability of its own. */
const ownPrior = (column: EncoderOptions['columns'][string] | undefined): Pick<Feature, 'prior'> =>
  (column?.keep ? { prior: 1 } : column?.prior === undefined ? {} : { prior: column.prior });

function checkOverrides(table: Table, { columns }: EncoderOptions): void {
  const known = new Set(table.names);
  const absent = Object.keys(columns).filter((name) => !known.has(name));
  throwProblems(absent.map((name) => unknownColumn(table, name, 'which data.columns names')));
}

function noInputs(table: Table, dropped: Encoder['dropped']) {
  const reasons = dropped.slice(0, 5).map(({ name, reason }) => `'${name}' (${reason})`).join(', ');
  const left = `no input column is left of ${dropped.length}: ${reasons}`;
  const message = dropped.length === 0 ? 'the target is the only column' : left;
  const hint = 'Inputs must vary over the training rows. data.columns: {name: {kind: categorical}} keeps a column like an identifier.';
  return fail('data.no-inputs', message, { where: { file: table.file }, hint });
}
