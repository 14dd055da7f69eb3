// Which cells were made by which commit: a study goes on while the program does.
import { table } from '../format.mjs';

/** One line a commit, in the order of their first cells. */
export function commits({ done, variants }) {
  const groups = new Map();
  for (const cell of [...done].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    groups.set(cell.commit, [...(groups.get(cell.commit) ?? []), cell]);
  }
  return table(['commit', 'since', ...variants], [...groups].map(([commit, cells]) => [
    `\`${commit}\``, cells[0].date.slice(0, 16).replace('T', ' '),
    ...variants.map((variant) => counted(cells.filter((cell) => cell.variant === variant)) || '–'),
  ]));
}

/** `E1 × 10, E2 × 3`. */
function counted(cells) {
  const counts = new Map();
  for (const { row } of cells) counts.set(row, (counts.get(row) ?? 0) + 1);
  return [...counts].map(([row, count]) => `${row} × ${count}`).sort().join(', ');
}
