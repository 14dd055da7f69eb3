/**
 * The rows of a run's splits: in memory, or read again from its data file or test file, which must still be what the run has
 * read.
 */
import { existsSync } from 'node:fs';
import type { Config } from '../config/schema.js';
import { factsAt } from '../likelihood/index.js';
import type { RowFacts, Splits } from '../types.js';
import {
  allRows, labelledRows, ofTarget, readTable, rowFacts, ROWS_NAME, tableSource, type ReadOptions, type Table,
} from '../data/index.js';
import { BnncError, fail } from '../errors.js';
import { fileHash } from './files.js';
import type { RunFolder } from './open.js';
import { readConfig, readMetrics, readSplitRows } from './parts.js';
import { heldAgain } from '../work/large.js';
import type { SplitName } from '../work/prepare.js';
import { isSpecial } from '../special-file.js';
import { fileOf } from '../table-path.js';
import { words, type Words } from '../voice.js';

export interface SplitTable {
  table: Table;
  rows: Int32Array;
  /** What is known of these rows; absent: nothing. */
  facts?: RowFacts | undefined;
}

/** `none`: the run has no such rows. */
export type Finding = SplitTable | { reason: string; none?: true };

/**
 * Reads the data file once, however many splits are asked for. The cells of a large file stay on the disk, and where the run was
 * measured on samples of its parts, these are their rows.
 */
export class RunRows {
  private table?: Promise<Table | { reason: string }>;
  private parts?: Promise<Splits>;

  constructor(private readonly run: RunFolder) {}

  /**
   * The rows of a split, of a large table the sample that the run has held, or why they cannot be had.
   * @throws the errors of the data stage; run.damaged
   */
  async find(split: SplitName): Promise<Finding> {
    const { data } = await readConfig(this.run);
    const { manifest } = this.run;
    const { testFile, testQuery } = data.split;
    if (split === 'test' && testFile !== null && testFile !== '-') {
      const table = await readAgain(testFile, data, manifest.test?.sha256, testQuery);
      return 'reason' in table ? table : { table, rows: allRows(table.rows), facts: rowFacts(table, ofTarget(data)) };
    }
    const rows = (await (this.parts ??= heldSplits(this.run)))[split];
    if (rows.length === 0) return { reason: `the run has no ${split} rows`, none: true };
    const found = (table: Table): SplitTable => ({ table, rows, facts: factsAt(rowFacts(table, data), rows) });
    if (this.run.table !== undefined) return found(labelledRows(this.run.table, data));
    if (manifest.data.path === ROWS_NAME) return { reason: 'the run was trained on rows in memory' };
    if (data.path === '-') return { reason: 'the data of the run came through a pipe' };
    const table = await (this.table ??= readAgain(data.path, data, manifest.data.sha256, data.query));
    return 'reason' in table ? table : found(table);
  }

  /**
   * The rows of a split that cannot be done without.
   * @param what the purpose, as in `threshold: 'auto' needs validation rows`
   * @throws run.no-rows
   */
  async need(split: SplitName, what: Words, hint: Words): Promise<SplitTable> {
    const found = await this.find(split);
    if (!('reason' in found)) return found;
    throw fail('run.no-rows', words`${what}, but ${found.reason}`, { where: { file: this.run.path }, hint });
  }
}

async function heldSplits(run: RunFolder): Promise<Splits> {
  const [splits, { held }] = [await readSplitRows(run), await readMetrics(run)];
  return held ? heldAgain(splits, held, run.manifest.seed) : splits;
}

/**
 * A file that a run has read, or why it is no longer that.
 * @param sha256 of its bytes then; undefined of a test file where the run is older than the record of it
 */
async function readAgain(
  path: string, options: ReadOptions & Pick<Config['data'], 'target' | 'unlabelled'>, sha256: string | undefined, query: string | null = null,
): Promise<Table | { reason: string }> {
  const file = fileOf(path);
  if (file !== undefined && !existsSync(file)) return { reason: `${path} no longer exists` };
  if (file !== undefined && isSpecial(file)) return { reason: `${path} is a pipe, which cannot be read again` };
  const changed = { reason: `${path} has changed since the run` };
  try {
    const table = labelledRows(await readTable(tableSource(path, path, query), { ...options, columnar: {} }), options);
    return sha256 === undefined || table.sha256 === sha256 ? table : changed;
  } catch (error) {
    // What is not even a table any more has changed, too.
    const ofData = error instanceof BnncError && error.kind === 'data';
    if (error instanceof BnncError && error.problems[0].code === 'data.query-failed') return changed;
    if (ofData && query === null && sha256 !== undefined && (await fileHash(path).catch(() => '')) !== sha256) return changed;
    throw error;
  }
}
