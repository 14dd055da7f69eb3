// What the search says of a table, in a space of a few units.
import { autoSteps, Chain, chainOptions, finish, linearSteps, startsOf, summarise } from 'bnnc/parts';

/**
 * @param {number | 'auto'} steps as `search.steps`
 * @param {number} times as many
 * @returns {{ prior: import('bnnc/parts').StructurePrior, summary: import('bnnc/parts').SearchSummary, seconds: number }}
 */
export function searchOf(table, problem, mostUnits, steps, stream, times = 1) {
  const counted = times * (steps === 'auto' ? autoSteps(table) : steps);
  const linear = finish(linearSteps(problem, stream.split('linear')));
  const before = process.cpuUsage();
  let prior;
  const chains = startsOf(table, [], linear).map((start, c) => {
    const options = chainOptions(table, start, { steps: counted });
    prior = { ...options.prior, mostUnits };
    return finish(new Chain(table, { ...options, prior }, stream.split('chain', c)).steps());
  });
  const { user, system } = process.cpuUsage(before);
  return { prior, summary: summarise(chains, table.inputs), seconds: (user + system) / 1e6 };
}

/** The probabilities of 0, 1, ... units. */
export function unitsOf({ structures }, mostUnits) {
  const units = new Array(mostUnits + 1).fill(0);
  for (const { visited: { network }, weight } of structures) units[network.units.length] += weight;
  return units;
}
