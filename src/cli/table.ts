/** Tables for people: columns padded with spaces, text to the left, numbers to the right. */

import { visible } from '../errors.js';
import { shortNumber } from '../wording.js';

export { plural, shortNumber } from '../wording.js';

/** Rows of cells as lines; the first row is the header. Each line ends with `\n`, without spaces before it. */
export function textTable(rows: readonly (readonly (string | number)[])[], indent = ''): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? shortNumber(cell) : visible(cell))));
  const widths = rows[0].map((_, column) => longest(cells.map((row) => row[column] ?? '')));
  // A column is set right when everything below its header is a number, or nothing.
  const right = widths.map((_, column) => cells.slice(1).every((row) => NUMERIC.test(row[column] ?? '')));
  return cells.map((row) => {
    const padded = row.map((cell, column) => (right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])));
    return `${indent}${padded.join('  ').trimEnd()}\n`;
  }).join('');
}

/** The most characters of a text; there may be more texts than a function takes arguments. */
export const longest = (texts: readonly string[]): number => texts.reduce((most, { length }) => Math.max(most, length), 0);

const NUMERIC = /^(-|[-+]?[\d,.]+(e[-+]?\d+)?( ± [\d,.e-]+)?( ?%)?)?$/;

/** A bar of `width` cells for a share from 0 to 1. */
export function shareBar(share: number, width = 20): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** A bar of `width` cells for at most two shares that add up to no more than 1, one after the other. */
export function stackedBar(shares: readonly number[], width = 20): string {
  let [sum, done] = [0, 0];
  const parts = shares.map((share, at) => {
    sum += share;
    const cells = Math.round(Math.min(1, Math.max(0, sum)) * width) - done;
    done += cells;
    return '█▒'[at].repeat(cells);
  });
  return parts.join('') + '░'.repeat(width - done);
}

/** A name with a line break would count as two names in a pipe. */
export const oneLine = (name: string): string => name.replace(/\r\n|[\r\n]/g, ' ');
