/** How a run that does not complete ends: what is kept, and what the person is told. */
import type { Resolved } from '../config/resolve.js';
import { ROWS_NAME } from '../data/index.js';
import { BnncError, fail } from '../errors.js';
import { Interrupted } from '../jobs/abort.js';
import { resumeCall } from './folder.js';
import type { RunWriter } from './run-writer.js';
import { words, type Words } from '../voice.js';

/** Does the work of a run; when it fails, ends the run and tells where its checkpoint is. */
export async function releasing<T>(run: RunWriter, resolved: Resolved | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw told(error, await run.release(), resolved);
  }
}

/**
 * The error as the person shall see it.
 * @param kept folder of the checkpoint, if there is one
 */
function told(error: unknown, kept: string | undefined, resolved: Resolved | undefined): unknown {
  if (error instanceof Interrupted) {
    if (kept === undefined) return error;
    return fail('interrupted.checkpoint', 'interrupted; a checkpoint is saved', { hint: wayOn(kept, resolved) });
  }
  if (kept === undefined || !(error instanceof BnncError)) return error;
  const [{ code, hint, ...problem }] = error.said;
  if (code === 'run.not-writable') {
    const first = /disk is full|quota/.test(error.message) ? 'Free space' : 'Solve this';
    const mend = words`The checkpoint is kept. ${first}, then continue with: ${resumeCall(kept)}`;
    return new BnncError({ ...problem, code, hint: mend }, { cause: error.cause });
  }
  if (!code.startsWith('training.')) return error;
  const checkpoint = `The checkpoint of the finished fits is in ${kept}.`;
  return new BnncError({ ...problem, code, hint: hint === undefined ? checkpoint : words`${hint} ${checkpoint}` });
}

function wayOn(kept: string, resolved: Resolved | undefined): Words {
  if (resolved?.config.data.path !== '-') return words`Continue with: ${resumeCall(kept)}`;
  if (resolved.dataName === ROWS_NAME) return `Go on with train({ resume: '${kept}', rows }).`;
  return 'The data came through a pipe, so start a new training from a file.';
}
