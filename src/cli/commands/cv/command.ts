/** `bnnc cv`: cross-validation. */

import { dataPath } from '../../../api/config.js';
import { crossValidate } from '../../../api/cross-validate.js';
import { CROSS_VALIDATE, type CrossValidateFlags } from '../../../api/options/cross-validate.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText, refuseLoss } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { withOutput } from '../../output.js';
import { createProgress } from '../../progress.js';
import { heard } from '../../voice.js';
import { cvTables } from './tables.js';

/** Prints tables, or the document; with `--out` the document goes to a file, too. */
export async function run(_args: string[], flags: CrossValidateFlags, context: CliContext): Promise<void> {
  const { cwd, signal, stdin, terminal } = context;
  const options = { ...forLibrary(CROSS_VALIDATE, flags), cwd, signal, stdin };
  const out = flags.out === '-' ? undefined : flags.out;
  const asJson = flags.json === true || flags.out === '-';
  await refuseLoss([await dataPath(options), flags.config], out, cwd);
  // Opened first: hours of training are not to end before a place that cannot be written to.
  const document = await withOutput(out, context, async (output) => {
    const progress = await createProgress(context, { json: asJson, progress: flags.progress });
    const tells = { onProgress: progress.update, onNote: heard(progress.note) };
    const done = await crossValidate({ ...options, ...tells }).finally(progress.stop);
    await output?.write(documentText(done));
    return done;
  });
  await terminal.result(asJson ? documentText(document) : cvTables(document));
}
