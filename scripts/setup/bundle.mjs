/** The last step of a build: `bnnc/model` in two files, because opening 75 takes Node longer than a prediction. */

import { rmSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

const ENTRY = 'exported-model.js';
const SHARED = /\/(errors|registered)\.js$/;

/**
 * Replaces the compiled entry in a folder by one that imports `bundled/model.js`. Packages stay imports, and so do the files that
 * all entries must share: the class `BnncError`, and the likelihoods that a program registers.
 * @param {string} folder the compiled sources
 */
export async function bundleModel(folder) {
  const bundle = await rolldown({
    input: path.join(folder, ENTRY), platform: 'node',
    external: (id, importer) => importer !== undefined && (!/^[./]/.test(id) || SHARED.test(id)),
  });
  await bundle.write({
    dir: folder, format: 'esm', chunkFileNames: 'bundled/[name].js',
    // All that a first prediction needs in one file; what is imported later stays apart.
    codeSplitting: { groups: [{ name: 'model', tags: ['$initial'] }] },
  });
  await bundle.close();
  rmSync(path.join(folder, `${ENTRY}.map`), { force: true });
}
