/** `bnnc cv`: cross-validation. */

import { resolve } from 'node:path';
import { crossValidate } from '../../../api/cross-validate.js';
import { resolveConfig } from '../../../config/resolve.js';
import { json, openPending, type PendingFile } from '../../../store/files.js';
import type { CliContext } from '../../context.js';
import { cvTables } from './tables.js';
import { engineOf } from '../../model-arguments.js';
import type { CrossValidateFlags } from '../../../api/options/cross-validate.js';
import { createProgress } from '../../progress.js';
import { refuseLoss } from '../../same-file.js';
import { heard } from '../../voice.js';

/** Prints tables, or the document; with `--out` the document goes to a file, too. */
export async function run(_args: string[], options: CrossValidateFlags, context: CliContext): Promise<void> {
  const { cwd, signal, stdin, terminal } = context;
  const { config: file, sets, data, target, seed, out, folds, repeats, threshold, jobs } = options;
  const engine = await engineOf(options, context);
  const resolved = await resolveConfig({ file, sets, flags: { data, target, seed }, cwd });
  await refuseLoss([resolved.config.data.path, file], out, cwd);
  const asJson = options.json === true || out === '-';
  // Opened first: hours of training are not to end before a place that cannot be written to.
  const output = out === undefined || out === '-' ? undefined : await openPending(resolve(cwd, out), out);
  const document = await discarding(output, async () => {
    const progress = await createProgress(context, { json: asJson });
    const { update: onProgress, note } = progress;
    const common = { config: file, sets, data, target, seed, cwd, stdin, engine, jobs, signal, onProgress, onNote: heard(note) };
    const done = await crossValidate({ ...common, folds, repeats, threshold }).finally(progress.stop);
    await output?.write(json(done));
    await output?.commit();
    return done;
  });
  await terminal.result(asJson ? json(document) : cvTables(document));
}

/** Does the work, and leaves no trace of the file when it fails. */
async function discarding<T>(output: PendingFile | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await output?.discard();
    throw error;
  }
}
