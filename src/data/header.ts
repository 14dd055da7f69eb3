/** The first line: which delimiter it uses, and whether its names can be used. */

import { fail, type Where } from '../errors.js';
import { checkCell, checkColumnCount, limitsOf, type Limits } from './limits.js';
import { shorten } from './wording.js';

/** Names, and places of each, that a message lists. */
const SHOWN = 10;

/** In the order in which ties are settled. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Reads the first non-blank line of a text, piece by piece (blank lines before it are skipped), and counts the candidate
 * delimiters outside quotes, where there are any.
 */
export class DelimiterCount {
  /** Whether the line's end was seen. */
  complete = false;
  private readonly counts = new Map<string, number>(DELIMITERS.map((candidate) => [candidate, 0]));
  private quoted = false;
  private started = false;

  constructor(private readonly quotes = true) {}

  take(text: string): void {
    const { counts } = this;
    for (const char of text) {
      if (this.quotes && char === '"') this.quoted = !this.quoted;
      if (!this.quoted && this.started && (char === '\n' || char === '\r')) {
        this.complete = true;
        return;
      }
      if (char !== '\n' && char !== '\r' && char !== ' ') this.started = true;
      if (!this.quoted && counts.has(char)) counts.set(char, counts.get(char)! + 1);
    }
  }

  /** The one that occurs most; a line without any candidate is taken as one column. */
  get delimiter(): string {
    let most = ',';
    for (const candidate of DELIMITERS) if (this.counts.get(candidate)! > this.counts.get(most)!) most = candidate;
    return most;
  }
}

/**
 * Trims and checks the column names.
 * @throws data.too-many-columns, data.cell-too-long, data.empty-header, data.duplicate-header
 */
export function checkHeader(cells: readonly string[], where: Where, limits?: Partial<Limits>): string[] {
  const { columns, cell: longest } = limitsOf(limits);
  checkColumnCount(cells.length, columns, where);
  for (const cell of cells) checkCell(cell, longest, cell, where);
  const names = cells.map((cell) => cell.trim());
  if (/^sep=.?$/.test(names.join('')) && names.length <= 2) {
    const hint = `Remove that line, which only spreadsheets read: tail -n +${(where.line ?? 1) + 1} old.csv > new.csv`;
    throw fail('data.empty-header', 'this line gives the delimiter and names no column', { where, hint });
  }
  const empty = names.indexOf('');
  if (empty >= 0) {
    const hint = 'Give every column a name. (A first column without a name is often a row index: leave it out when saving, index=False '
      + 'in pandas, row.names=FALSE in R.)';
    throw fail('data.empty-header', `column ${empty + 1} of ${names.length} has no name`, { where, hint });
  }
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) (seen.has(name) ? twice : seen).add(name);
  if (twice.size > 0) {
    const shown = [...twice].slice(0, SHOWN).map((name) => `'${shorten(name)}' (columns ${positions(names, name)})`).join(', ');
    const list = twice.size > SHOWN ? `${shown} and ${twice.size - SHOWN} more` : shown;
    const hint = 'Rename or remove one of them.';
    throw fail('data.duplicate-header', `column names must be unique, but these occur more than once: ${list}`, { where, hint });
  }
  return names;
}

function positions(names: string[], name: string): string {
  const places = names.flatMap((other, i) => (other === name ? [i + 1] : []));
  return places.length > SHOWN ? `${places.slice(0, SHOWN).join(', ')} and ${places.length - SHOWN} more` : places.join(' and ');
}
