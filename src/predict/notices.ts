/** Rows that are unlike the training rows: gathered over all chunks, then told once per column. */

import type { EncodeNotice } from '../data/index.js';

const TEXTS: Record<EncodeNotice['type'], string> = {
  'unseen-level': 'a value that no training row has',
  'unseen-missing': 'no value, although every training row has one',
  'out-of-range': 'a number far outside the training range',
};

export class Notices {
  private readonly found = new Map<string, EncodeNotice>();

  readonly add = (notice: EncodeNotice): void => {
    const key = `${notice.type} ${notice.column}`;
    const earlier = this.found.get(key);
    if (earlier) earlier.count += notice.count;
    else this.found.set(key, { ...notice });
  };

  /** One warning per column and kind. @param file what the rows stood in */
  tell(warn: (text: string) => void, file: string): void {
    for (const { type, column, count, line, unit = 'line', example } of this.found.values()) {
      const rows = count === 1 ? 'a row has' : `${count} rows have`;
      const first = type === 'unseen-missing' ? `first in ${unit} ${line}` : `first '${example}' in ${unit} ${line}`;
      warn(`${file}: column '${column}': ${rows} ${TEXTS[type]} (${first})`);
    }
  }
}
