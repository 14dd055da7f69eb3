// Markdown tables, and whether a figure is within its target.

export function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), `|---|${header.slice(1).map(() => '---:|').join('')}`, ...rows.map(line)];
}

/** `0.85 (≤ 0.9: met)`, or what the figure alone is when nothing was aimed at. */
export function verdict(value, target, digits = 2) {
  const text = value.toFixed(digits);
  return target === undefined ? text : `${text} (≤ ${target}: ${value <= target ? 'met' : 'not met'})`;
}
