// Which gates have the highest ELBO on the same rows: what `model.gates: auto` would choose.
import { number, table } from '../format.mjs';
import { mean } from '../statistics.mjs';

const PAIR = ['both', 'weight'];
const best = ({ elbos }) => Math.max(...elbos);

export function bounds(study) {
  const rows = study.rows.flatMap(({ id }) => {
    const [both, weight] = PAIR.map((variant) => new Map(study.of(id, variant).map((record) => [record.seed, best(record)])));
    const seeds = [...both.keys()].filter((seed) => weight.has(seed));
    if (seeds.length === 0) return [];
    const gains = seeds.map((seed) => both.get(seed) - weight.get(seed));
    return [[
      id, seeds.length, number(mean(seeds.map((seed) => both.get(seed)))), number(mean(seeds.map((seed) => weight.get(seed)))),
      number(mean(gains)), `${gains.filter((gain) => gain > 0).length} of ${seeds.length}`,
    ]];
  });
  return table(['row', 'cells', ...PAIR, 'both − weight', 'both higher in'], rows);
}
