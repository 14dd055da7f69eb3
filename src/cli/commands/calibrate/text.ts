/** A calibration as tables for people. */

import type { Calibration, Mean, ReliabilityBin, SelectionRule } from '../../../api/calibrate.js';
import { simulationWords } from '../../../text/likelihood-words.js';
import { plural, textTable } from '../../table.js';

/** @param name what the tables look like, such as the name of the data */
export function calibrationText(calibration: Calibration, name: string): string {
  return [`${heading(calibration, name)}\n`, curve(calibration), rules(calibration), ...heldOut(calibration)].join('\n');
}

function heading({ tables, rows, inputs, signalRange: [low, high], task }: Calibration, name: string): string {
  const what = simulationWords(task).signal;
  const signal = low === high ? low.toFixed(2) : `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return `${plural(tables.length, 'simulated table')} like ${name}: ${plural(rows.train!, 'training row')}, ` +
    `${plural(inputs.length, 'input')}, ${what} ${signal}`;
}

function curve({ reliability: { bins, ece, brier } }: Calibration): string {
  const row = ({ from, to, count, trueCount, meanPip, share, lower, upper }: ReliabilityBin): string[] => [
    `${from} to ${to}`, String(count), String(trueCount), fixed(meanPip), fixed(share),
    count > 0 ? `${fixed(lower)} to ${fixed(upper)}` : '-',
  ];
  const header = ['PIP', 'inputs', 'true', 'mean PIP', 'share true', '95 % interval'];
  return `${textTable([header, ...bins.map(row)])}calibration error ${ece.toFixed(3)}, Brier score ${brier.toFixed(3)}\n`;
}

const fixed = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(3));

function rules({ rules: all }: Calibration): string {
  const header = ['selected by', 'inputs', 'true', 'false', 'stand-ins', 'realised FDR', 'power', 'exact'];
  return textTable([header, ...all.map(({ rule, chosen, right, wrong, standIns, fdr, power, exact }) => [
    ruleText(rule), String(chosen), String(right), String(wrong), String(standIns), spread(fdr), spread(power), spread(exact),
  ])]);
}

const ruleText = (rule: SelectionRule): string =>
  ('fdr' in rule ? `Bayesian FDR of at most ${rule.fdr}` : 'top' in rule ? `the first ${rule.top}` : `PIP of at least ${rule.threshold}`);

const spread = ({ mean, se }: Mean): string => `${mean.toFixed(3)} ± ${se.toFixed(3)}`;

function heldOut({ heldOut: found, task }: Calibration): string[] {
  if (!found) return [];
  const { split, reached, floor, ratio } = found;
  const name = simulationWords(task).measure;
  return [textTable([[`${split} rows`, 'full posterior', 'truth', 'ratio'], [name, spread(reached), spread(floor), spread(ratio)]])];
}
