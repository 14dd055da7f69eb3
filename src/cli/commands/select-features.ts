/** `bnnc select-features`: the inputs whose inclusion probability passes a rule, most probable first. */

import { selectFeatures, type SelectedInput, type SelectionRule } from '../../inference/select.js';
import { csvTable } from '../../run/csv.js';
import { json } from '../../run/files.js';
import { readInputPips } from '../../run/parts.js';
import type { CliContext } from '../context.js';
import type { SelectOptions } from '../options.js';
import { findRun } from '../run-argument.js';

const SCHEMA_VERSION = 1;

export async function run([path]: string[], options: SelectOptions, context: CliContext): Promise<void> {
  const folder = await findRun(path, context);
  const inputs = await readInputPips(folder);
  const rule = selectionRule(options);
  const selected = selectFeatures(inputs, rule);
  if (selected.length === 0) {
    const best = Math.max(0, ...inputs.map(({ pip }) => pip));
    context.terminal.note(`no input passes (${Object.entries(rule).join(' ').replace(',', ' ')}); the largest PIP is ${best}`);
  }
  const format = options.json ? 'json' : (options.format ?? 'names');
  const formats = {
    names: () => selected.map(({ input }) => `${oneLine(input)}\n`).join(''),
    csv: () => csvTable(['rank', 'input', 'pip', 'pip_min', 'pip_max', 'mc_se', 'fdr'], selected.map(row)),
    json: () => json({ schemaVersion: SCHEMA_VERSION, run: folder.path, rule, candidates: inputs.length, selected }),
  };
  await context.terminal.result(formats[format]());
}

function selectionRule({ threshold, top, fdr }: SelectOptions): SelectionRule {
  if (top !== undefined) return { top };
  if (fdr !== undefined) return { fdr };
  return { threshold: threshold ?? 0.5 };
}

const row = ({ rank, input, pip, pipMin, pipMax, mcSe = 0, fdr }: SelectedInput): (string | number)[] =>
  [rank, input, pip, pipMin, pipMax, mcSe, fdr];

/** A name with a line break would count as two names in a pipe. */
const oneLine = (name: string): string => name.replace(/\r\n|[\r\n]/g, ' ');
