/** The first line: which delimiter it uses, and whether its names can be used. */

import { fail, type Where } from '../errors.js';

/** In the order in which ties are settled. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Reads the first non-blank line of a text (blank lines before it are skipped) and counts the candidate delimiters outside
 * quotes, where there are any. `complete` tells whether the line's end was seen. A line without any candidate is taken as one
 * column.
 */
export function detectDelimiter(text: string, quotes = true): { delimiter: string; complete: boolean } {
  const counts = new Map<string, number>(DELIMITERS.map((candidate) => [candidate, 0]));
  let quoted = false;
  let started = false;
  let complete = false;
  for (const char of text) {
    if (quotes && char === '"') quoted = !quoted;
    if (!quoted && started && (char === '\n' || char === '\r')) {
      complete = true;
      break;
    }
    if (char !== '\n' && char !== '\r' && char !== ' ') started = true;
    if (!quoted && counts.has(char)) counts.set(char, counts.get(char)! + 1);
  }
  let delimiter = ',';
  for (const candidate of DELIMITERS) if (counts.get(candidate)! > counts.get(delimiter)!) delimiter = candidate;
  return { delimiter, complete };
}

/**
 * Trims and checks the column names.
 * @throws data.empty-header, data.duplicate-header
 */
export function checkHeader(cells: readonly string[], where: Where): string[] {
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
    const list = [...twice].map((name) => `'${name}' (columns ${positions(names, name)})`).join(', ');
    const hint = 'Rename or remove one of them.';
    throw fail('data.duplicate-header', `column names must be unique, but these occur more than once: ${list}`, { where, hint });
  }
  return names;
}

function positions(names: string[], name: string): string {
  return names.flatMap((other, i) => (other === name ? [i + 1] : [])).join(' and ');
}
