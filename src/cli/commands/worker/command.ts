/** `bnnc worker`: does the tasks of a queue. */

import { forLibrary } from '../../../api/options/table.js';
import { WORKER, type WorkerFlags } from '../../../api/options/queue.js';
import { documentText } from '../../../api/output.js';
import { serveQueue } from '../../../api/serve-queue.js';
import type { CliContext } from '../../context.js';
import { plural } from '../../table.js';
import { heard } from '../../voice.js';

export async function run(_args: string[], flags: WorkerFlags, { cwd, signal, terminal }: CliContext): Promise<void> {
  const onTask = ({ unit, seconds, fault }: { unit: string; seconds: number; fault?: string }): void => {
    if (fault === undefined) terminal.note(`${unit}: ${seconds.toFixed(1)} s`);
    else terminal.warn(`${unit}: ${fault}`);
  };
  const tells = { onTask, onNote: heard(terminal.note) };
  const consumed = await serveQueue({ ...forLibrary(WORKER, flags), cwd, signal, ...tells });
  const { done, failed } = consumed;
  await terminal.result(flags.json ? documentText(consumed) : `${plural(done, 'task')} done, ${failed} failed\n`);
}
