/** Opening exported models: their files, without anything that only runs need. */

import { join } from 'node:path';
import { readPlainFile } from '../special-file.js';
import { fail } from '../errors.js';
import { READABLE_FILES } from '../export/formats.js';
import { readModel } from '../export/read-model.js';
import { reading, systemCode } from '../store/refusals.js';
import type { CompressedModel } from '../types.js';
import { call, option, words } from '../voice.js';

/**
 * Reads a model.json or a model.safetensors; `path` is the file `place` as the person knows it.
 * @throws run.not-readable and the errors of the model's format
 */
export const readModelFile = async (path: string, place: string): Promise<CompressedModel> =>
  readModel(await reading(path, () => readPlainFile(place)), path);

/**
 * Reads the folder of an exported model; `path` is the folder `place` as the person knows it, and `file` what was read in it.
 * @throws run.no-json-model, run.not-readable and the errors of the model's format
 */
export async function readModelFolder(path: string, place: string): Promise<{ model: CompressedModel; file: string }> {
  for (const name of READABLE_FILES) {
    const file = join(path, name);
    const bytes = await reading(file, () => readPlainFile(join(place, name)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }));
    if (bytes !== undefined) return { model: readModel(bytes, file), file };
  }
  throw fail('run.no-json-model', 'this folder has no model in a format that bnnc reads', {
    where: { file: path }, hint: words`Run ${call('prune')} again with json or safetensors among its ${option('formats')}.`,
  });
}
