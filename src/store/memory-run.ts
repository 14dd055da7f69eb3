/** A run that lies in memory: it is written and read as a folder is, and nothing of it is on the disk. */

import { createHash } from 'node:crypto';
import { fail } from '../errors.js';
import { makeManifest, type FileEntry } from './manifest.js';
import type { RunWriter } from './run-writer.js';

/** What such a run is called. */
const IN_MEMORY = '<run>';

/** Starts a run in memory. */
export function memoryRun(): RunWriter {
  const files = new Map<string, Buffer>();
  const read = (name: string): Buffer => {
    const bytes = files.get(name);
    if (bytes === undefined) throw fail('run.damaged', 'the file is missing', { where: { file: `${IN_MEMORY}/${name}` }, hint: 'Train the run again.' });
    // Whoever gets the bytes may do with them what they like.
    return Buffer.from(bytes);
  };
  return {
    path: IN_MEMORY,
    resumable: false,
    write: async (name, content) => void files.set(name, Buffer.from(content)),
    read: async (name) => read(name),
    keepOnly: async () => {},
    async commit(facts) {
      const entries = new Map(Array.from(files, ([name, bytes]): [string, FileEntry] =>
        [name, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }]));
      return {
        path: IN_MEMORY, manifest: makeManifest(facts, entries),
        read: async (name) => read(name), readText: async (name) => read(name).toString(),
      };
    },
    async release() {
      files.clear();
      return undefined;
    },
  };
}
