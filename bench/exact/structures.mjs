// All structures of a small space, and their prior by its definition: the probability that all inputs are reached is summed over
// all ways, where docs/method.md has the recursion (33).

const subsets = (p) =>
  Array.from({ length: 2 ** p }, (_, bits) => Array.from({ length: p }, (_each, i) => i).filter((i) => bits >> i & 1));

/** Structures of p inputs with at most so many units, each once: which inputs have skips, and the inputs of each unit. */
export function structuresOf(p, mostUnits) {
  const units = subsets(p).filter(({ length }) => length > 0);
  const lists = [];
  const extend = (list, from) => {
    lists.push(list);
    if (list.length === mostUnits) return;
    for (let at = from; at < units.length; at++) extend([...list, units[at]], at);
  };
  extend([], 0);
  return subsets(p).flatMap((skips) => lists.map((own) => ({ skips, units: own })));
}

export const activeOf = ({ skips, units }) => [...new Set([...skips, ...units.flat()])].sort((a, b) => a - b);

/** In bnnc/parts' form, without weights. */
export const networkOf = ({ skips, units }) => ({
  bias: new Float64Array(1),
  skips: skips.map((input) => ({ input, mask: 1, weight: new Float64Array(1) })),
  units: units.map((inputs) =>
    ({ inputs, mask: 1, bias: 0, weights: inputs.map(() => new Float64Array(1)), out: new Float64Array(1) })),
});

/**
 * Log prior of each structure of a whole space.
 * @param {{ skips: number[], units: number[][] }[]} all as structuresOf gives them
 */
export function logPriors(all, { inputs: p, sparsity, unitRatio, mostUnits }) {
  const raws = all.map((structure) => {
    const k = activeOf(structure).length;
    const own = 1 / ((k + 1) * choose(k, structure.skips.length));
    return structure.units.reduce((product, { length }) => product / (k * choose(k, length)), own) * orders(structure.units);
  });
  const groups = all.map((structure) => `${activeOf(structure)}|${structure.units.length}`);
  const totals = new Map();
  groups.forEach((group, at) => totals.set(group, (totals.get(group) ?? 0) + raws[at]));
  const geometric = Array.from({ length: mostUnits + 1 }, (_, H) => unitRatio ** H);
  const whole = geometric.reduce((sum, each) => sum + each, 0);
  return all.map((structure, at) => {
    const k = activeOf(structure).length;
    const units = k === 0 ? 1 : geometric[structure.units.length] / whole;
    return Math.log(raws[at] / totals.get(groups[at]) * units * ofSet(k, p, sparsity));
  });
}

/** Integral of q^k (1 - q)^(p - k) over q ~ Beta(1, beta), for a whole number beta. */
function ofSet(k, p, beta) {
  let value = beta;
  for (let at = 1; at <= k; at++) value *= at;
  for (let at = p - k + beta; at <= p + beta; at++) value /= at;
  return value;
}

/** In how many orders the units can be listed. */
function orders(units) {
  const like = new Map();
  for (const unit of units) like.set(`${unit}`, (like.get(`${unit}`) ?? 0) + 1);
  return [...like.values()].reduce((count, each) => count / factorial(each), factorial(units.length));
}

const factorial = (k) => (k < 2 ? 1 : k * factorial(k - 1));
const choose = (n, k) => factorial(n) / factorial(k) / factorial(n - k);
