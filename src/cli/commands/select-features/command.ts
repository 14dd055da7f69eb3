/** `bnnc select-features`: the inputs whose inclusion probability passes a rule, most probable first. */

import { selectFeatures, type SelectedFeature } from '../../../api/select-features.js';
import { findRun, type RunFolder } from '../../../api/run.js';
import { documentText, tableText, INPUT_COLUMNS, inputCells } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { nullCheck } from './null-check.js';
import { setsCsv, setsText } from './sets.js';
import type { SelectFeaturesFlags } from '../../../api/options/select-features.js';
import { oneLine } from '../../table.js';
import { heard } from '../../voice.js';

export async function run([path]: string[], options: SelectFeaturesFlags, context: CliContext): Promise<void> {
  const folder = await findRun(path, { cwd: context.cwd, onNote: heard(context.terminal.note) });
  const select = options.knockoffs || options.probes ? nullCheck : byRule;
  await context.terminal.result(await select(folder, options, context));
}

async function byRule(folder: RunFolder, options: SelectFeaturesFlags, { cwd, terminal }: CliContext): Promise<string> {
  const { threshold, top, fdr, representatives, format, sets, csvSafe } = options;
  const selection = await selectFeatures(folder, { threshold, top, fdr, representatives, cwd, onNote: heard(terminal.note) });
  const { selected } = selection;
  if (format === 'names' && !sets) return selected.map(({ input }) => `${oneLine(input)}\n`).join('');

  if (selection.sets === undefined) {
    terminal.note('this run has no credible sets, because an earlier version of bnnc made it');
  }
  if (format === 'json') return documentText(selection);
  if (sets && format === 'csv') return setsCsv(selection, csvSafe);
  if (sets) return selection.sets === undefined ? '' : setsText(selection);
  return tableText(['rank', ...INPUT_COLUMNS, 'fdr', 'sets', 'represents', 'effect'], selected.map(cells), csvSafe);
}

function cells(row: SelectedFeature): (string | number)[] {
  const { rank, fdr, sets = [], represents } = row;
  return [rank, ...inputCells(row), fdr, sets.join(', '), represents?.set ?? '', represents?.effect ?? ''];
}
