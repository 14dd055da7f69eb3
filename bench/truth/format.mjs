// Numbers and tables as Markdown.
import { summary } from './statistics.mjs';

export function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line), ''];
}

/** Four significant digits, fewer decimals for large numbers. */
export function number(value) {
  if (value === undefined || Number.isNaN(value)) return '–';
  const decimals = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : Math.abs(value) >= 1 ? 3 : 4;
  return value.toFixed(decimals).replace(/^-/, '−');
}

/** Mean ± standard error of the values that there are. */
export function spread(values) {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return '–';
  const { mean, se } = summary(known);
  return se === undefined ? number(mean) : `${number(mean)} ± ${number(se)}`;
}

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

export const signed = (value) => (value > 0 ? `+${number(value)}` : number(value));
