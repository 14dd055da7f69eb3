/** `bnnc sweep`: settings of the config compared by cross-validation. */

import { SWEEP, type SweepFlags } from '../../../api/options/sweep.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText } from '../../../api/output.js';
import { sweep } from '../../../api/sweep.js';
import type { CliContext } from '../../context.js';
import { counting } from '../../counting.js';
import { heard } from '../../voice.js';
import { sweepText } from './text.js';

export async function run(_args: string[], flags: SweepFlags, context: CliContext): Promise<void> {
  const { cwd, stdin, signal, terminal } = context;
  const document = await sweep({
    ...forLibrary(SWEEP, flags), cwd, stdin, signal, onNote: heard(terminal.note), onFold: counting('folds', context),
  });
  await terminal.result(flags.json ? documentText(document) : sweepText(document));
}
