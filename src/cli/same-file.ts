/** Output that would take the place of what is read, or of a part of a run or model. */

import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fail } from '../errors.js';
import { owningFolder } from '../store/ownership.js';

/**
 * The input may still be needed when the output is put in place, and a run or model without one of its parts is lost; and
 * nobody means it.
 * @param inputs files that the command, or the run that it is about, reads; `-` is stdin
 * @throws usage.same-file
 */
export async function refuseLoss(
  inputs: readonly (string | null | undefined)[], out: string | undefined, cwd: string,
): Promise<void> {
  if (out === undefined || out === '-') return;
  const written = await trueName(resolve(cwd, out));
  const read = await Promise.all(inputs.filter((path) => typeof path === 'string' && path !== '-')
    .map((path) => realpath(resolve(cwd, path!)).catch(() => undefined)));
  if (read.includes(written)) throw fail('usage.same-file', `--out ${out} would replace the input`, { hint: 'Name another file.' });
  const owner = await owningFolder(written);
  if (owner === undefined) return;
  throw fail('usage.same-file', `--out ${out} would replace a part of the ${owner}`, { hint: 'Name another file.' });
}

/** Links followed, of the file or, when that is not there yet, of its folder. */
const trueName = (path: string): Promise<string> => realpath(path).catch(async () =>
  join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path)));
