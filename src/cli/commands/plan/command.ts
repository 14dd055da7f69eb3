/** `bnnc plan`: writes the units of a job to a file. */

import { forLibrary } from '../../../api/options/table.js';
import { PLAN, type PlanFlags } from '../../../api/options/shards.js';
import { documentText } from '../../../api/output.js';
import { planUnits, type PlannedUnits } from '../../../api/plan-units.js';
import type { CliContext } from '../../context.js';
import { plural } from '../../table.js';
import { heard } from '../../voice.js';

export async function run([job, path]: string[], flags: PlanFlags, { cwd, signal, terminal }: CliContext): Promise<void> {
  const tells = { onNote: heard(terminal.note), onWarning: heard(terminal.warn) };
  const options = { ...forLibrary(PLAN, flags), run: path, cwd, signal, ...tells };
  const planned = await planUnits(job as PlannedUnits['job'], options);
  terminal.note(`${plural(planned.units.length, 'unit')}: ${countsOf(planned)}`);
  await terminal.result(flags.json ? documentText(planned) : `${planned.path}\n`);
}

/** `2 fits, 4 chains`. */
function countsOf({ units }: PlannedUnits): string {
  const counts = new Map<string, number>();
  for (const { kind } of units) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} of ${kind}`).join(', ');
}
