// The records of a study by row and variant.
import { PROTOCOLS } from './protocols.mjs';
import { VARIANTS } from './variants.mjs';
import { gain, metricOf, rowError } from './judge.mjs';
import { summary } from './statistics.mjs';

export class Study {
  constructor(records) {
    this.records = records;
    this.done = records.filter(({ status }) => status === 'done');
    this.variants = Object.keys(VARIANTS).filter((variant) => records.some((record) => record.variant === variant));
    this.rows = PROTOCOLS.filter(({ id }) => this.done.some(({ row }) => row === id));
  }

  /** Finished records of a row and a variant, by seed. */
  of(row, variant) {
    return this.done.filter((record) => record.row === row && record.variant === variant).sort((a, b) => a.seed - b.seed);
  }

  rowsOf(...groups) {
    return this.rows.filter(({ group }) => groups.includes(group));
  }

  /**
   * Rows x variants that have records such as `keep` wants them.
   * @param {(records: any[]) => boolean} keep
   */
  pairs(rows, keep = () => true) {
    return rows.flatMap((protocol) => this.variants
      .map((variant) => ({ protocol, variant, records: this.of(protocol.id, variant) }))
      .filter(({ records }) => records.length > 0 && keep(records)));
  }
}

/**
 * The gain of a model over the dense one, paired by seed, and what it says within `share` of its standard error. A single
 * cell has no spread over seeds: there the error of the dense network's metric over the test rows stands in for it.
 */
export function paired(records, model, share = 1) {
  const { mean, se = rowError(records[0]), n } = summary(records.map((record) => gain(record, model)));
  const verdict = mean >= -share * se && mean <= se ? 'equal' : mean > 0 ? 'better' : 'worse';
  return { mean, se, n, verdict, metric: metricOf(records[0]) };
}

/** Whether a dense network was measured beside every record. */
export const comparable = (records) => records.length > 0 && records.every(({ metrics }) => metrics.dense);
