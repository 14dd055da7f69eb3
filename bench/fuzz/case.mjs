// One case: its files are placed, it is used, and what came of it is told.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { BnncError } from 'bnnc/parts';

/** Empties the folder, and makes a case in it. @returns what the kind's `run` and `args` must know */
export function placed(kind, setting) {
  for (const part of ['in', 'out']) {
    rmSync(path.join(setting.folder, part), { recursive: true, force: true });
    mkdirSync(path.join(setting.folder, part));
  }
  return kind.place(setting);
}

/** @returns {Promise<{ how: string, refused?: string, fault?: string }>} neither of the two: it did what was asked */
export async function outcome(kind, setting) {
  const facts = placed(kind, setting);
  const listed = () => readdirSync(path.join(setting.folder, 'in'), { recursive: true }).sort().join();
  const before = listed();
  const { how } = facts;
  try {
    await kind.run(setting, facts);
  } catch (error) {
    if (error instanceof BnncError) return { how, refused: error.problems[0].code };
    return { how, fault: error.code === 'ERR_ACCESS_DENIED' ? `outside: ${error.resource}` : String(error.stack ?? error) };
  }
  return listed() === before ? { how } : { how, fault: 'it has written beside its output' };
}
