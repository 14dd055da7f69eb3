/** What a person is told of a finished training. */

import { documentText } from '../../../api/output.js';
import type { TrainedRun } from '../../../api/train.js';
import { carriedBy } from '../../../text/background.js';
import { metricTable } from '../../../text/metric-rows.js';
import { runModels } from '../../../text/run-models.js';
import { setLines, wrapped } from '../../../text/sets.js';
import { targetTable } from '../../../text/target-figures.js';
import { runVerdict } from '../../../text/verdict.js';
import { listed as listedNames } from '../../../wording.js';
import { plural, textTable } from '../../table.js';
import { warningLines } from '../inspect/findings.js';
import { notableInputs } from '../inspect/inputs.js';
import type { Terminal } from '../../terminal.js';

/** A summary and warnings on stderr, the path or the document on stdout. */
export async function tellTrained(
  trained: TrainedRun, { json }: { json: boolean | undefined }, terminal: Terminal,
): Promise<void> {
  terminal.note(summary(trained).trimEnd());
  const { path, metrics, inputs, sets, findings } = trained;
  for (const line of warningLines(findings, path)) terminal.warn(line);
  await terminal.result(json ? documentText({ path, metrics, inputs, sets, findings }) : `${path}\n`);
}

/** Inputs that are named at the end of a training. */
const MAX_INPUTS = 12;
const WIDTH = 80;

/** What came of it, in a few lines. */
function summary({ metrics, inputs, sets }: TrainedRun): string {
  const free = inputs.filter((row) => !row.kept);
  const given = inputs.flatMap((row) => (row.kept ? [row.input] : []));
  const kept = free.filter(({ pip }) => pip >= 0.5).sort((a, b) => b.pip - a.pip);
  const names = kept.slice(0, MAX_INPUTS).map(({ input, pip }) => `${input} ${pip.toFixed(2)}`);
  if (kept.length > names.length) names.push('...');
  const listed = names.length > 0 ? `: ${names.join(', ')}` : '';
  const beside = given.length > 0 ? `; kept: ${listedNames(given, MAX_INPUTS)}` : '';
  const counted = `${kept.length} of ${plural(free.length, 'input')} ${kept.length === 1 ? 'has' : 'have'} a PIP of at least 0.5${listed}${beside}`;
  const weak = carriedBy(metrics.background?.named, metrics.median.inputs.length).flatMap((line) => wrapped(line, WIDTH));
  const first = [...runVerdict(metrics), counted, ...weak, ...setLines(sets),
    ...notableInputs(inputs, metrics.search ? 'chains' : 'fits', MAX_INPUTS)].join('\n');
  const { splits } = metrics.full;
  const split = (['test', 'validation', 'train'] as const).find((name) => splits[name] !== undefined);
  if (split === undefined) return first;
  const tables = [
    metricTable(plural(splits[split]!.rows, `${split} row`), runModels(metrics, split)),
    targetTable('full posterior', metrics.full.targets?.[split]),
  ].filter((rows) => rows.length > 0);
  return [first.trimEnd(), ...tables.map((rows) => textTable(rows))].join('\n\n');
}
