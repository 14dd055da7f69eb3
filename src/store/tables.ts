/** The CSV files of a run: inclusion probabilities and history; tidy, sorted, named by column. */

import { parse } from 'csv-parse/sync';
import { fail } from '../errors.js';
import { weightPips } from '../inference/inclusion/inclusion.js';
import { withVerdict } from '../inference/inclusion/verdict.js';
import { encodedNames, hiddenUnit, outputUnits } from '../inference/units.js';
import { graphOf } from '../model/graph.js';
import { mixtureOf } from '../model/mixture.js';
import type { Encoder, InputInclusion, InputSet, Posterior } from '../types.js';
import { csvTable, shortFloat32 } from '../data/write-csv.js';

const FIRST_INPUT_COLUMNS = ['input', 'pip', 'pip_network', 'pip_min', 'pip_max', 'mc_se'];
/** Of versions that kept no inputs. */
const EARLIER_INPUT_COLUMNS = [...FIRST_INPUT_COLUMNS, 'linear', 'nonlinear', 'nonlinear_se', 'verdict', 'unstable'];
/** Of inclusion/inputs.csv. */
export const INPUT_COLUMNS = [...EARLIER_INPUT_COLUMNS, 'kept'];

/**
 * inclusion/inputs.csv, by descending PIP, ties in file order. `mc_se` and `nonlinear_se` are 0 where the value is exact. What is
 * said of linear and nonlinear is empty where these are not told apart.
 */
export function inputsTable(inputs: readonly InputInclusion[]): string {
  const sorted = [...inputs].sort((a, b) => b.pip - a.pip);
  return csvTable(INPUT_COLUMNS, sorted.map(inputCells));
}

/** A row of inclusion/inputs.csv; NaN is an empty cell. */
export function inputCells(row: InputInclusion): (string | number)[] {
  const { input, pip, pipNetwork, pipMin, pipMax, mcSe = 0, linear, nonlinear, nonlinearSe = 0, verdict } = row;
  const { unstable, kept = false } = row;
  const split = linear === undefined || nonlinear === undefined ? [NaN, NaN, NaN] : [linear, nonlinear, nonlinearSe];
  return [input, pip, pipNetwork, pipMin, pipMax, mcSe, ...split, verdict ?? '', String(unstable), String(kept)];
}

/**
 * inclusion/nodes.csv: hidden units, by layer, then descending PIP.
 * @param pips,errors one array per hidden layer, one number per unit
 */
export function nodesTable(pips: readonly ArrayLike<number>[], errors: readonly ArrayLike<number>[]): string {
  const rows = pips.flatMap((layer, l) =>
    Array.from(byDescending(layer), (unit) => [l + 1, hiddenUnit(l, unit), layer[unit], errors[l][unit]]));
  return csvTable(['layer', 'node', 'pip', 'mc_se'], rows);
}

/**
 * inclusion/weights.csv: every weight with its PIP and the mean and standard deviation of its posterior, which is a point
 * mass at 0 beside a Gaussian, or a Gaussian alone; by layer, then descending PIP, ties in the order of the matrix.
 */
export function weightsTable(posterior: Posterior, encoder: Encoder): string {
  return csvTable(['layer', 'from', 'to', 'pip', 'mean', 'sd'], weightRows(posterior, encoder));
}

function* weightRows(posterior: Posterior, encoder: Encoder): Generator<(string | number)[]> {
  const hidden = posterior.units.map(({ z }, h) => Array.from(z, (_, unit) => hiddenUnit(h, unit)));
  const sources = [...encodedNames(encoder), ...hidden.flat()];
  const graph = graphOf(posterior);
  const allPips = weightPips(posterior);
  for (const [l, layer] of posterior.layers.entries()) {
    const { outputs, mu, sigma } = layer;
    const pips = allPips[l];
    const rows = graph.sourcesOf(l);
    const units = hidden.at(l) ?? outputUnits(encoder.target);
    const gaussian = mixtureOf(layer.prior) !== undefined;
    for (const at of byDescending(pips)) {
      const pip = pips[at];
      const on = gaussian ? 1 : pip;
      const mean = on * mu[at];
      // E w² - (E w)², the spike contributing nothing to either.
      const variance = on * (sigma[at] ** 2 + mu[at] ** 2) - mean ** 2;
      const [from, to] = [sources[rows[Math.floor(at / outputs)]], units[at % outputs]];
      yield [l + 1, from, to, shortFloat32(pip), shortFloat32(mean), shortFloat32(Math.sqrt(Math.max(0, variance)))];
    }
  }
}

/** Indices of `values` by descending value, ties in order. */
function byDescending(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, index) => index).sort((a, b) => values[b] - values[a] || a - b);
}

/** Any table of records with the same keys, such as history.csv; the keys of the first are the header. */
export function recordsTable(records: readonly Readonly<Record<string, string | number>>[]): string {
  const header = Object.keys(records[0] ?? {});
  return records.length === 0 ? '' : csvTable(header, records.map((record) => header.map((key) => record[key])));
}

/** Reads inclusion/inputs.csv back; tables of earlier versions have the first columns alone. @throws run.damaged */
export function readInputs(text: string, file: string): InputInclusion[] {
  const begins = (columns: readonly string[]): boolean => text.startsWith(`${columns.join()}\n`);
  const first = begins(FIRST_INPUT_COLUMNS);
  const earlier = begins(EARLIER_INPUT_COLUMNS) ? EARLIER_INPUT_COLUMNS : INPUT_COLUMNS;
  return readRows(text, file, first ? FIRST_INPUT_COLUMNS : earlier).map(([input, ...cells]) => {
    const number = (cell: string | undefined): number => (cell === undefined || cell === '' ? NaN : Number(cell));
    const [pip, pipNetwork, pipMin, pipMax, mcSe, linear, nonlinear, nonlinearSe] = cells.slice(0, 8).map(number);
    const told = cells.slice(5, 8).some((cell) => cell !== '');
    const probabilities = [pip, pipNetwork, pipMin, pipMax, ...(told ? [linear, nonlinear] : [])];
    const proper = probabilities.every((value) => value >= 0 && value <= 1) && mcSe >= 0 && (!told || nonlinearSe >= 0);
    if (!proper) throw damaged(file, `input '${input}': ${cells.join(', ')} are not probabilities`);
    const row = withVerdict({ input, pip, pipNetwork, pipMin, pipMax, mcSe, ...(told && { linear, nonlinear, nonlinearSe }) });
    // What counts as unstable depends on whether chains or fits disagree: what was written counts.
    if (first) return row;
    const [, unstable, kept] = cells.slice(8);
    return { ...row, unstable: unstable === 'true', ...(kept === 'true' && { kept: true as const }) };
  });
}

const SET_COLUMNS = ['set', 'source', 'input', 'probability', 'purity', 'log_bayes_factor'];

/** inclusion/sets.csv: a row for each input of each set, in the order given. */
export function setsTable(sets: readonly InputSet[]): string {
  return csvTable(SET_COLUMNS, sets.flatMap(({ source, inputs, purity, logBayesFactor = NaN }, at) =>
    inputs.map(({ input, probability }) => [at + 1, source, input, probability, purity, logBayesFactor])));
}

/** Reads inclusion/sets.csv back. @throws run.damaged */
export function readSetRows(text: string, file: string): InputSet[] {
  const sets: InputSet[] = [];
  for (const [set, source, input, ...cells] of readRows(text, file, SET_COLUMNS)) {
    const [probability, purity, logBayesFactor] = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
    const place = Number(set) - sets.length;
    const proper = [probability, purity].every((value) => value >= 0 && value <= 1) && (cells[2] === '' || !Number.isNaN(logBayesFactor));
    const known = source === 'linear' || source === 'network';
    if (!proper || !known || (place !== 1 && !(place === 0 && sets.length > 0))) throw damaged(file, `set '${set}', input '${input}'`);
    if (place === 1) sets.push({ source, inputs: [], purity, ...(cells[2] !== '' && { logBayesFactor }) });
    sets[sets.length - 1].inputs.push({ input, probability });
  }
  return sets;
}

/** Reads inclusion/nodes.csv back: name and PIP of every hidden unit. @throws run.damaged */
export function readNodes(text: string, file: string): [node: string, pip: number][] {
  return readRows(text, file, ['layer', 'node', 'pip', 'mc_se']).map(([, node, cell]) => {
    const pip = cell === '' ? NaN : Number(cell);
    if (!(pip >= 0 && pip <= 1)) throw damaged(file, `node '${node}': ${cell} is not a probability`);
    return [node, pip];
  });
}

/** The cells below the expected header. @throws run.damaged */
export function readRows(text: string, file: string, header: readonly string[]): string[][] {
  let rows: string[][];
  try {
    rows = parse(text);
  } catch (error) {
    throw damaged(file, (error as Error).message);
  }
  if (rows[0]?.join() !== header.join()) throw damaged(file, `the header should be ${header.join()}`);
  return rows.slice(1);
}

/** The error of a table that is not as it was written. */
export function damaged(file: string, what: string): Error {
  return fail('run.damaged', `not as bnnc wrote it: ${what}`, { where: { file }, hint: 'Train the run again.' });
}
