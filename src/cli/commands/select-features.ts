/** `bnnc select-features`: the inputs whose inclusion probability passes a rule, most probable first. */

import { selectFeatures, type SelectedInput, type SelectionRule } from '../../inference/select.js';
import type { StandIn } from '../../inference/stand-ins.js';
import { csvTable } from '../../run/csv.js';
import { json } from '../../run/files.js';
import type { RunFolder } from '../../run/open.js';
import { readInputPips, readStandIns } from '../../run/parts.js';
import type { CliContext } from '../context.js';
import { nullCheck } from '../null-check.js';
import type { SelectOptions } from '../options.js';
import { findRun } from '../run-argument.js';
import { otherText } from '../../run/stand-in-text.js';
import { oneLine } from '../table.js';

const SCHEMA_VERSION = 1;

export async function run([path]: string[], options: SelectOptions, context: CliContext): Promise<void> {
  const folder = await findRun(path, context);
  const select = options.knockoffs || options.probes ? nullCheck : byRule;
  await context.terminal.result(await select(folder, options, context));
}

async function byRule(folder: RunFolder, options: SelectOptions, { terminal }: CliContext): Promise<string> {
  const inputs = await readInputPips(folder);
  const rule = selectionRule(options);
  const selected = selectFeatures(inputs, rule);
  if (selected.length === 0) {
    const best = Math.max(0, ...inputs.map(({ pip }) => pip));
    terminal.note(`no input passes (${Object.entries(rule).join(' ').replace(',', ' ')}); the largest PIP is ${best}`);
  }
  if (options.format === 'names') return selected.map(({ input }) => `${oneLine(input)}\n`).join('');

  const all = await readStandIns(folder);
  if (!all) terminal.note('this run does not list inputs that could stand in for others: an earlier bnnc made it');
  const standIns = (input: string): StandIn[] => (all ?? []).filter((row) => row.input === input);
  if (options.format === 'csv') {
    return csvTable(['rank', 'input', 'pip', 'pip_network', 'pip_min', 'pip_max', 'mc_se', 'fdr', 'stand_ins'],
      selected.map((row) => [...cells(row), standIns(row.input).map(otherText).join(', ')]));
  }
  const rows = selected.map((row) => (all
    ? { ...row, standIns: standIns(row.input).map(({ other, correlation }) => ({ input: other, correlation })) }
    : row));
  return json({ schemaVersion: SCHEMA_VERSION, run: folder.path, rule, candidates: inputs.length, selected: rows });
}

function selectionRule({ threshold, top, fdr }: SelectOptions): SelectionRule {
  if (top !== undefined) return { top };
  if (fdr !== undefined) return { fdr };
  return { threshold: threshold ?? 0.5 };
}

const cells = ({ rank, input, pip, pipNetwork, pipMin, pipMax, mcSe = 0, fdr }: SelectedInput): (string | number)[] =>
  [rank, input, pip, pipNetwork, pipMin, pipMax, mcSe, fdr];
