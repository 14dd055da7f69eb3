// The run of a set: trained by the command line once, found again afterwards.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRun } from 'bnnc/parts';
import { findFile, readData, targetOf } from '../truth/files.mjs';

const BIN = fileURLToPath(new URL('../../bin/bnnc.js', import.meta.url));
export const SEED = 1;

export async function trained(name, { data, sets }, { data: folder, runs }) {
  const out = path.join(runs, name);
  if (!existsSync(path.join(out, 'manifest.json'))) {
    mkdirSync(runs, { recursive: true });
    rmSync(out, { recursive: true, force: true });
    process.stderr.write(`${name}: training\n`);
    const target = targetOf(await readData(folder, data));
    const config = sets.flatMap((set) => ['--set', set]);
    execFileSync(process.execPath, [
      BIN, 'train', '--quiet', '--data', findFile(folder, data), '--target', target, '--seed', String(SEED), ...config, '--out', out,
    ], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return openRun(out, runs);
}
