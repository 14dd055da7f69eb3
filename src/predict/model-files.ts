/** Whether the files of an exported model are as they were written. */

import { join } from 'node:path';
import { readPlainFile } from '../special-file.js';
import { fail } from '../errors.js';
import { sha256 } from '../export/checksum.js';
import { readSums, SUMS_FILE } from '../export/sums.js';
import { reading, systemCode } from '../store/refusals.js';

/**
 * Compares the files of a model's folder with its SHA256SUMS, if it has one; files that are not there were left out on purpose.
 * @param path the folder `place` as the person knows it
 * @throws run.model-changed, run.not-readable
 */
export async function checkModelFiles(path: string, place: string): Promise<void> {
  const ifThere = (error: unknown): undefined => {
    if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error))) throw error;
  };
  const read = (name: string): Promise<Buffer | undefined> =>
    reading(join(path, name), () => readPlainFile(join(place, name)).catch(ifThere));
  const sums = await read(SUMS_FILE);
  if (sums === undefined) return;
  for (const [name, sum] of readSums(sums.toString(), join(path, SUMS_FILE))) {
    const bytes = await read(name);
    if (bytes === undefined || sha256(bytes) === sum) continue;
    throw fail('run.model-changed', `its content has not the SHA-256 that ${SUMS_FILE} names: it was changed or damaged`, {
      where: { file: join(path, name) },
      hint: `Copy it again, or export it again with 'bnnc prune'. If you have changed it on purpose, remove its line from ${SUMS_FILE}.`,
    });
  }
}
