/** Output that would take the place of what is read. */

import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail } from '../errors.js';

/** The input may still be needed when the output is put in place; and nobody means it. @throws usage.same-file */
export async function refuseSameFile(input: string | undefined, out: string | undefined, cwd: string): Promise<void> {
  if (input === undefined || out === undefined || input === '-' || out === '-') return;
  const [read, written] = await Promise.all([input, out].map((path) => realpath(resolve(cwd, path)).catch(() => undefined)));
  if (read === undefined || read !== written) return;
  throw fail('usage.same-file', `--out ${out} would replace the input`, { hint: 'Name another file.' });
}
