// Which inputs are found where the true ones are known.
import { spread, table } from '../format.mjs';
import { recoveryOf } from '../judge.mjs';
import { wilson } from '../statistics.mjs';

/** The commonest names with their counts. */
function tally(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 4).map(([name, count]) => `${name} ×${count}`).join(', ') || 'none';
}

const share = (k, n) => `${k}/${n} [${wilson(k, n).map((bound) => bound.toFixed(2)).join(', ')}]`;

export function recoveries(study) {
  const rows = study.pairs(study.rowsOf('E1', 'E2', 'E4a', 'E4b', 'E8')).map(({ protocol: { id, title }, variant, records }) => {
    const found = records.map(recoveryOf);
    const count = (holds) => share(found.filter(holds).length, records.length);
    return [
      id, title, variant, count(({ exact }) => exact), count(({ wrong }) => wrong === 0),
      spread(found.map(({ tpr }) => tpr)), spread(found.map(({ fdr }) => fdr)),
      tally(records.flatMap(({ kept, truth }) => truth.filter((name) => !kept.includes(name)))),
      tally(records.flatMap(({ kept, truth }) => kept.filter((name) => !truth.includes(name)))),
    ];
  });
  return table(['row', 'data', 'variant', 'exactly the true inputs', 'no false input', 'TPR', 'FDR', 'missed', 'false'], rows);
}
