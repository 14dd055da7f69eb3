/** `bnnc merge`: puts the results of a plan together. */

import { mergeUnits, type MergedUnits } from '../../../api/merge-units.js';
import { forLibrary } from '../../../api/options/table.js';
import { MERGE, type MergeFlags } from '../../../api/options/shards.js';
import { documentText, openFile, refuseLoss } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { heard } from '../../voice.js';
import { calibrationText } from '../calibrate/text.js';
import { cvTables } from '../cv/tables.js';
import { checkText, tellCheck } from '../select-features/null-check.js';
import { sweepText } from '../sweep/text.js';
import { tellTrained } from '../train/trained.js';

export async function run([plan, parts]: string[], flags: MergeFlags, context: CliContext): Promise<void> {
  const { cwd, argv, signal, terminal } = context;
  const tells = { onNote: heard(terminal.note), onWarning: heard(terminal.warn) };
  const merged = await mergeUnits(plan, parts, { ...forLibrary(MERGE, flags), argv, cwd, signal, ...tells });
  if (merged.job === 'train') return tellTrained(merged.run, { json: flags.json }, terminal);
  if (merged.job === 'sweep') return terminal.result(flags.json ? documentText(merged.document) : sweepText(merged.document));
  const text = documentText(documentOf(merged));
  if (flags.out !== undefined && flags.out !== '-') await written(text, flags.out, plan, context);
  if (flags.json || flags.out === '-') return terminal.result(text);
  if (merged.job === 'knockoffs') {
    const { rule } = merged.selection;
    tellCheck(merged.selection, { fdr: 'fdr' in rule ? rule.fdr : 0.1, threshold: 0.5 }, context);
  }
  await terminal.result(tableOf(merged));
}

type Document = Exclude<MergedUnits, { job: 'train' | 'sweep' }>;

function documentOf(merged: Document): object {
  switch (merged.job) {
    case 'cv': return merged.document;
    case 'calibrate': return { ...merged.like, ...merged.calibration };
    case 'knockoffs': return merged.selection;
  }
}

function tableOf(merged: Document): string {
  switch (merged.job) {
    case 'cv': return cvTables(merged.document);
    case 'calibrate': return calibrationText(merged.calibration, merged.name);
    case 'knockoffs': return checkText(merged.selection, { format: 'names' });
  }
}

async function written(text: string, out: string, plan: string, { cwd }: CliContext): Promise<void> {
  await refuseLoss([plan], out, cwd);
  const file = await openFile(out, cwd);
  try {
    await file.write(text);
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
