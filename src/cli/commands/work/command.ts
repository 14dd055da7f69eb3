/** `bnnc work`: does the units of a plan. */

import { forLibrary } from '../../../api/options/table.js';
import { WORK_UNITS, type WorkFlags } from '../../../api/options/shards.js';
import { documentText } from '../../../api/output.js';
import { workUnits } from '../../../api/work-units.js';
import type { CliContext } from '../../context.js';
import { createProgress } from '../../progress.js';
import { plural } from '../../table.js';
import { heard } from '../../voice.js';

/** So many units are named. */
const MOST = 5;

export async function run([plan]: string[], flags: WorkFlags, context: CliContext): Promise<void> {
  const { cwd, signal, terminal } = context;
  const progress = await createProgress(context, { json: flags.json, progress: flags.progress });
  const tells = { onProgress: progress.update, onNote: heard(progress.note) };
  const worked = await workUnits(plan, { ...forLibrary(WORK_UNITS, flags), cwd, signal, ...tells }).finally(progress.stop);
  const { path, shard, written, found, waiting } = worked;
  terminal.note(`shard ${shard.index} of ${shard.count}: ${plural(written, 'result')} written, ${found} read`);
  if (waiting.length > 0) {
    const named = waiting.slice(0, MOST).join('; ') + (waiting.length > MOST ? '; ...' : '');
    terminal.note(`${plural(waiting.length, 'unit')} of other shards to wait for (${named}); then call this again, or use --wait`);
  }
  await terminal.result(flags.json ? documentText(worked) : `${path}\n`);
}
