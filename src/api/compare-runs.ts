/** What two runs have in common, and in what they differ. */

import { leafKeys } from '../config/keys.js';
import type { Config } from '../config/schema.js';
import { fail } from '../errors.js';
import { measuredAlike } from '../likelihood/index.js';
import { compareOnRows, type ComparedModel, type ComparedRows } from '../predict/compare-runs.js';
import { readConfig, readInputPips } from '../store/parts.js';
import type { RunFolder } from '../store/open.js';
import { checked } from './options/check.js';
import { COMPARE, type CompareOptions } from './options/look.js';
import { engineOf, folderOf } from './environment.js';
import { runOf, type RunSource } from './run.js';

export type { ComparedModel, ComparedRows };

/** PIPs of an input in both runs; null in a run that is without it. */
export interface ComparedInput {
  input: string;
  a: number | null;
  b: number | null;
  /** The runs whose config keeps it, so that they claim no PIP for it. */
  keptIn: ('a' | 'b')[];
  /** Whether one run selects it at the threshold and the other does not, and neither keeps it. */
  differs: boolean;
}

export interface Comparison {
  a: string;
  b: string;
  target: string;
  task: string;
  /** Of the second run, where it is not that of the first, such as `log-normal` beside `weibull`. */
  otherTask?: string;
  threshold: number;
  /** Config keys on which they differ, with the value of each. */
  config: { key: string; a: unknown; b: unknown }[];
  /** By the larger of the two PIPs. */
  inputs: ComparedInput[];
  /** On rows that both hold out, or why there are none. */
  heldOut: ComparedRows | { reason: string };
}

/**
 * Compares two runs of one target: configs, PIPs, and predictions of the rows that both hold out, paired row by row.
 * @throws {BnncError} `usage.option`, `usage.compare` for runs of different targets, or of tasks measured differently; `run.*`;
 * `data.*`; `interrupted.stopped`
 * @example
 * ```ts
 * const { inputs, heldOut } = await compareRuns('runs/a', 'runs/b');
 * ```
 * @category Main functions
 */
export async function compareRuns(first: RunSource, second: RunSource, options: CompareOptions = {}): Promise<Comparison> {
  checked('compareRuns', options, COMPARE);
  const { threshold = 0.5 } = options;
  const [a, b] = [await runOf(first, options), await runOf(second, options)];
  const { target, task } = a.manifest;
  const otherTask = b.manifest.task;
  if (b.manifest.target !== target || !measuredAlike(task, otherTask)) {
    const of = ({ manifest }: RunFolder): string => `'${manifest.target}' (${manifest.task})`;
    throw fail('usage.compare', `the runs predict different targets, ${of(a)} and ${of(b)}`, { hint: 'Name two runs of one target, with tasks that have the same metrics.' });
  }
  return {
    a: a.path, b: b.path, target, task, ...(otherTask !== task && { otherTask }), threshold,
    config: differences(await readConfig(a), await readConfig(b)),
    inputs: await comparedInputs(a, b, threshold),
    heldOut: await compareOnRows(a, b, { cwd: folderOf(options), engine: engineOf(options) }),
  };
}

function differences(a: Config, b: Config): Comparison['config'] {
  const valueOf = (config: Config, key: string): unknown =>
    key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], config) ?? null;
  return leafKeys().map((key) => ({ key, a: valueOf(a, key), b: valueOf(b, key) }))
    .filter((row) => JSON.stringify(row.a) !== JSON.stringify(row.b));
}

async function comparedInputs(a: RunFolder, b: RunFolder, threshold: number): Promise<ComparedInput[]> {
  const [first, second] = [await readInputPips(a), await readInputPips(b)]
    .map((rows) => new Map(rows.map((row) => [row.input, row])));
  return [...new Set([...first.keys(), ...second.keys()])].map((input) => {
    const rows = { a: first.get(input), b: second.get(input) };
    const pips = { a: rows.a?.pip ?? null, b: rows.b?.pip ?? null };
    const keptIn = (['a', 'b'] as const).filter((run) => rows[run]?.kept);
    const differs = keptIn.length === 0 && (pips.a ?? 0) >= threshold !== ((pips.b ?? 0) >= threshold);
    return { input, ...pips, keptIn, differs };
  }).sort((one, other) => Math.max(other.a ?? 0, other.b ?? 0) - Math.max(one.a ?? 0, one.b ?? 0));
}
