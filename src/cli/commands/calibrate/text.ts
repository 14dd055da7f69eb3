/** A calibration as tables for people. */

import type { Calibration, Coverage, Mean, Realised, ReliabilityBin, SelectionRule } from '../../../api/calibrate.js';
import { simulationWords } from '../../../text/likelihood-words.js';
import { wrapped } from '../../../text/sets.js';
import { plural, textTable } from '../../table.js';

const WIDTH = 80;

/** @param name what the tables look like, such as the name of the data */
export function calibrationText(calibration: Calibration, name: string): string {
  return [
    `${heading(calibration, name)}\n`, curve(calibration), ...groups(calibration), rules(calibration), ...sets(calibration),
    ...heldOut(calibration),
  ].join('\n');
}

function heading({ tables, rows, inputs, signalRange: [low, high], task }: Calibration, name: string): string {
  const what = simulationWords(task).signal;
  const signal = low === high ? low.toFixed(2) : `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return wrapped(`${plural(tables.length, 'simulated table')} like ${name}: ${plural(rows.train!, 'training row')}, ` +
    `${plural(inputs.length, 'input')}, ${what} ${signal}`, WIDTH).join('\n');
}

const curve = ({ reliability }: Calibration): string => curveOf(reliability, 'PIP', 'inputs');

/** Near twins are one row for all of them. */
const groups = ({ groups: found }: Calibration): string[] => (found ? [curveOf(found, 'PIP of a group', 'groups')] : []);

function curveOf({ bins, ece, brier }: Pick<Calibration['reliability'], 'bins' | 'ece' | 'brier'>, of: string, what: string): string {
  const row = ({ from, to, count, trueCount, meanPip, share, lower, upper }: ReliabilityBin): string[] => [
    `${from} to ${to}`, String(count), String(trueCount), fixed(meanPip), fixed(share),
    count > 0 ? `${fixed(lower)} to ${fixed(upper)}` : '-',
  ];
  const header = [of, what, 'true', 'mean PIP', 'share true', '95 % interval'];
  return `${textTable([header, ...bins.map(row)])}calibration error ${ece.toFixed(3)}, Brier score ${brier.toFixed(3)}\n`;
}

const fixed = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(3));

/** A row for each figure, a column for each rule. */
function rules({ rules: all }: Calibration): string {
  const row = (name: string, of: (rule: Realised) => string): string[] => [name, ...all.map(of)];
  return textTable([
    row('selected by', ({ rule }) => ruleText(rule)), row('inputs', ({ chosen }) => String(chosen)), row('true', ({ right }) => String(right)),
    row('false', ({ wrong }) => String(wrong)), row('false, but stand-ins', ({ standIns }) => String(standIns)),
    row('realised FDR', ({ fdr }) => spread(fdr)), row('power', ({ power }) => spread(power)), row('exact', ({ exact }) => spread(exact)),
  ]);
}

const ruleText = (rule: SelectionRule): string =>
  ('fdr' in rule ? `Bayesian FDR of at most ${rule.fdr}` : 'top' in rule ? `the first ${rule.top}` : `PIP of at least ${rule.threshold}`);

const spread = ({ mean, se }: Mean): string => `${mean.toFixed(3)} ± ${se.toFixed(3)}`;

const SETS: Record<Coverage['source'], string> = { linear: 'of the linear part', network: 'of the network alone' };

function sets({ sets: found }: Calibration): string[] {
  const some = found.filter(({ count }) => count > 0);
  if (some.length === 0) return [];
  const header = ['credible sets', 'sets', 'with a true input', 'share', '95 % interval', 'inputs'];
  return [textTable([header, ...some.map(({ source, count, trueCount, share, lower, upper, meanInputs }) => [
    SETS[source], String(count), String(trueCount), fixed(share), `${fixed(lower)} to ${fixed(upper)}`, meanInputs!.toFixed(1),
  ])])];
}

function heldOut({ heldOut: found, task }: Calibration): string[] {
  if (!found) return [];
  const { split, reached, floor, ratio } = found;
  const name = simulationWords(task).measure;
  return [textTable([[`${split} rows`, 'full posterior', 'truth', 'ratio'], [name, spread(reached), spread(floor), spread(ratio)]])];
}
