/** `bnnc prune`: cuts what is improbable, exports the smaller model, and tells what that cost and saved. */

import { join } from 'node:path';
import { findRun, type RunFolder } from '../../../api/run.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText } from '../../../api/output.js';
import { prune, sizeOf, type PruneDocument } from '../../../api/prune.js';
import type { CliContext } from '../../context.js';
import { printCurve } from './curve.js';
import { representativeText } from '../../../text/sets.js';
import { targetTable } from '../../../text/target-figures.js';
import { metricTable } from '../../../text/metric-rows.js';
import { PRUNE, type PruneFlags } from '../../../api/options/prune.js';
import { backgroundText, bitsText, choiceText, ensembleText, LINEAR_CHOSEN } from './text.js';
import { plural, shortNumber, textTable } from '../../table.js';
import { heard } from '../../voice.js';

export async function run([path]: string[], options: PruneFlags, context: CliContext): Promise<void> {
  const folder = await findRun(path, { cwd: context.cwd, onNote: heard(context.terminal.note) });
  await (options.curve === undefined ? pruneInto(folder, options, context) : printCurve(folder, options, context));
}

async function pruneInto(folder: RunFolder, options: PruneFlags, context: CliContext): Promise<void> {
  const { cwd, terminal, signal } = context;
  const out = options.out ?? join(folder.path, 'pruned');
  const { files, report } = await prune(folder, {
    ...forLibrary(PRUNE, options), out, cwd, signal, onNote: heard(terminal.note), onWarning: heard(terminal.warn),
  });
  if (options.json) {
    // The document has it, too, but nobody who asked for a choice should have to look for it.
    if (report.choice) terminal.note(choiceText(report.choice));
    return terminal.result(documentText({ ...report, path: out, files: files.map(sizeOf) }));
  }
  terminal.note(summary(report, options.ensemble).trimEnd());
  await terminal.result(`${out}\n`);
}

function summary(report: PruneDocument, asked?: number): string {
  const { inputs, candidates, metrics, noMetrics, threshold, choice, fineTuning, quantization } = report;
  const names = inputs.slice(0, 12).map(({ input, pip, kept: given }) => `${input} ${given ? '(always)' : pip.toFixed(2)}`);
  if (inputs.length > names.length) names.push('...');
  const kept = inputs.length === 0 ? 'no input: the model is a constant' : names.join(', ');
  const lines = choice ? [choiceText(choice)] : [];
  lines.push(`kept ${inputs.length} of ${candidates} inputs at ${threshold}: ${kept}`);
  for (const each of report.representatives ?? []) lines.push(representativeText(each));
  if (fineTuning) lines.push(`fine-tuned in ${shortNumber(fineTuning.steps)} steps on ${plural(fineTuning.rows, 'training row')}`);
  if (quantization) lines.push(bitsText(quantization));
  if (report.background) lines.push(...backgroundText(report));
  if (report.ensemble) lines.push(...ensembleText(report.ensemble, asked));
  lines.push('');
  if (metrics) {
    const { baseline, linear, dense, full, pruned, tuned, background, exported, split } = metrics;
    lines.push(textTable(metricTable(plural(pruned.rows, `${split} row`), [
      ['no inputs', baseline], ['linear', linear], ['dense', dense], ['full posterior', full], ['pruned', pruned],
      ['fine-tuned', tuned], ['with background', background], ['exported', exported],
    ])), ...(metrics.targets ? [textTable(targetTable('exported', metrics.targets))] : []), '');
  } else {
    lines.push(`no metrics: ${noMetrics}`, '');
  }
  return lines.join('\n') + textTable(sizeRows(report)) + (report.linearChosen ? LINEAR_CHOSEN : '');
}

function sizeRows({ units, before, after, onnxBytes }: PruneDocument): string[][] {
  const row = (label: string, from: number, to: number): string[] =>
    [label, shortNumber(from), shortNumber(to), from > 0 ? `${((100 * to) / from).toFixed(1)} %` : ''];
  return [
    ['size', 'before', 'after', 'left'],
    ...units.map((unit) => row(unit.name, unit.before, unit.after)),
    row('parameters', before.parameters, after.parameters),
    row('non-zero parameters', before.nonZero, after.nonZero),
    row('multiply-adds', before.multiplyAdds, after.multiplyAdds),
    row('bytes as ONNX', onnxBytes.before, onnxBytes.after),
    row('the same gzipped', onnxBytes.gzip.before, onnxBytes.gzip.after),
  ];
}
