/** The rows of a run's splits, read again from its data file, which must still be the one that the run was trained on. */
import { existsSync } from 'node:fs';
import { allRows, fileSource, readTable, type Table } from '../data/index.js';
import { fail } from '../errors.js';
import type { RunFolder } from './open.js';
import { readConfig, readSplitRows } from './parts.js';
import type { SplitName } from './prepare.js';

export interface SplitTable {
  table: Table;
  rows: Int32Array;
}

/** `none`: the run has no such rows. */
export type Finding = SplitTable | { reason: string; none?: true };

/** Reads the data file once, however many splits are asked for. */
export class RunRows {
  private table?: Promise<Table>;

  constructor(private readonly run: RunFolder) {}

  /** The rows of a split, or why they cannot be had. @throws the errors of the data stage; run.damaged */
  async find(split: SplitName): Promise<Finding> {
    const { data } = await readConfig(this.run);
    const { testFile } = data.split;
    if (split === 'test' && testFile !== null && testFile !== '-') {
      if (!existsSync(testFile)) return { reason: `${testFile} is gone` };
      const table = await readTable(fileSource(testFile), data);
      return { table, rows: allRows(table.rows) };
    }
    const rows = (await readSplitRows(this.run))[split];
    if (rows.length === 0) return { reason: `the run has no ${split} rows`, none: true };
    if (data.path === '-') return { reason: 'the data of the run came through a pipe' };
    if (!existsSync(data.path)) return { reason: `${data.path} is gone` };
    const table = await (this.table ??= readTable(fileSource(data.path), data));
    if (table.sha256 !== this.run.manifest.data.sha256) return { reason: `${data.path} has changed since the run` };
    return { table, rows };
  }

  /**
   * The rows of a split that cannot be done without.
   * @param what the purpose, as in `--fine-tune needs the training rows`
   * @throws run.no-rows
   */
  async need(split: SplitName, what: string, hint: string): Promise<SplitTable> {
    const found = await this.find(split);
    if (!('reason' in found)) return found;
    throw fail('run.no-rows', `${what}, but ${found.reason}`, { where: { file: this.run.path }, hint });
  }
}
