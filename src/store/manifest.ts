/** manifest.json: what made a run, and the list of its files. It is written last: a folder that has it is complete. */

import { taskRule } from '../likelihood/index.js';
import { shorten } from '../data/wording.js';
import { fail } from '../errors.js';
import { list, looseRecord, mapping, number, oneOf, optional, text } from '../rules.js';
import type { Task } from '../types.js';
import { programVersion } from '../version.js';

export const MANIFEST_VERSION = 1;

/** A table that was read: `path` as errors name it (`<stdin>` for a pipe), `sha256` of the raw bytes. */
export interface FileFacts {
  path: string;
  sha256: string;
  rows: number;
}

/** What the maker of a run tells about it. */
export interface RunFacts {
  /** Versions of Node, TensorFlow and whatever else decides about the numbers. */
  versions: Record<string, string>;
  engine: { name: string; threads?: number } & Record<string, unknown>;
  /** Arguments as typed. */
  argv: readonly string[];
  seed: number;
  data: FileFacts;
  /** The test file, if test rows came from one. */
  test?: FileFacts;
  target: string;
  task: Task;
  /** ISO 8601. */
  started: string;
  finished: string;
  /** Seconds by part of the work. */
  seconds: Record<string, number>;
}

export interface FileEntry {
  bytes: number;
  sha256: string;
}

export interface Manifest extends RunFacts {
  schemaVersion: typeof MANIFEST_VERSION;
  bnnc: string;
  /** By path inside the run folder, with `/`. */
  files: Record<string, FileEntry>;
}

/** Completes the facts with the version of the program and the files of the run, by path inside it. */
export function makeManifest(facts: RunFacts, entries: ReadonlyMap<string, FileEntry>): Manifest {
  const files = Object.fromEntries([...entries.keys()].sort().map((name) => [name, entries.get(name)!]));
  return { schemaVersion: MANIFEST_VERSION, bnnc: programVersion(), ...facts, files };
}

/**
 * Reads a manifest.
 * @param content the text of its file
 * @param file its path as errors shall name it
 * @throws run.damaged when it is no manifest, run.version when another version of bnnc wrote it
 */
export function parseManifest(content: string, file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw fail('run.damaged', 'not valid JSON', { where: { file }, hint: 'Train the run again.' });
  }
  const { schemaVersion, bnnc } = (value ?? {}) as Partial<Manifest>;
  if (schemaVersion !== MANIFEST_VERSION) {
    const writer = typeof bnnc === 'string' ? `bnnc ${bnnc}` : 'another program';
    const here = `this is bnnc ${programVersion()}, which reads format ${MANIFEST_VERSION}`;
    throw fail('run.version', `written by ${writer} in format ${Number.isFinite(schemaVersion) ? schemaVersion : 'unknown'}; ${here}`, {
      where: { file }, hint: 'Use the version that wrote it, or train the run again.',
    });
  }
  const [fault] = manifestRule(value);
  const damaged = (what: string): Error => fail('run.damaged', what, { where: { file }, hint: 'Train the run again.' });
  if (fault !== undefined) throw damaged(`the manifest is not as bnnc wrote it, at '${fault.path.join('.')}': it ${fault.message}`);
  const outside = Object.keys((value as Manifest).files).find((name) => !isInside(name));
  if (outside !== undefined) throw damaged(`the manifest names a file outside the run's folder: '${shorten(outside)}'`);
  return value as Manifest;
}

/** Whether a path with `/` leads to a file in the folder that it is seen from. */
const isInside = (name: string): boolean =>
  !/[\\\0]|^[a-z]:/i.test(name) && name.split('/').every((part) => !['', '.', '..'].includes(part));

const fileFacts = looseRecord({ path: text, sha256: text, rows: number() });
const manifestRule = looseRecord({
  schemaVersion: oneOf(MANIFEST_VERSION),
  bnnc: text,
  versions: mapping(text),
  engine: looseRecord({ name: text }),
  argv: list(text),
  seed: number(),
  data: fileFacts,
  test: optional(fileFacts),
  target: text,
  task: taskRule,
  started: text,
  finished: text,
  seconds: mapping(number()),
  files: mapping(looseRecord({ bytes: number(), sha256: text })),
});
