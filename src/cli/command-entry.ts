/** What a command is for and what it takes. */

import type { Table } from '../api/options/table.js';

export interface CommandEntry {
  /** Heading of the list of commands. */
  group: 'Prepare:' | 'Learn:' | 'Many machines:' | 'Use a run:' | 'Help:';
  summary: string;
  description: string;
  arguments?: readonly { name: string; words: string; choices?: readonly string[] }[];
  options: Table;
  /** What the help ends with. */
  after?: string;
  /** It ends by itself when the signal is aborted; any other command is left where it stands. */
  orderly?: true;
}

export const RUN = { name: '[run]', words: 'folder of a run (default: the newest complete run under runs/)' };
export const MODEL = { name: '[run]', words: 'folder of a run or of an exported model (default: the newest complete run under runs/)' };
