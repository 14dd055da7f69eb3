// The gold standard of level 1: every structure of a small space with its marginal likelihood by sequential Monte Carlo.
import { keyOf } from 'bnnc/parts';
import { KINDS, LOG_SCALES, Model, STEPS } from './model.mjs';
import { logSum, sample } from './sampler.mjs';
import { activeOf, logPriors, networkOf, structuresOf } from './structures.mjs';

/** Particles of the first look at all structures, and of each of the runs of those that matter. */
const FIRST = 16;
export const PARTICLES = 256;
export const RUNS = 2;
/** What the structures that have only the first look may weigh together, by that look. */
const LEFT = 0.02;

/**
 * @param {import('bnnc/parts').SearchTable} table
 * @param {{ inputs: number, sparsity: number, unitRatio: number, mostUnits: number }} prior
 * @param {ReadonlySet<string>} others keys of structures that are to be looked at closely in any case
 * @param {import('bnnc/parts').Stream} stream
 */
export function goldStandard(table, prior, others, stream) {
  const all = structuresOf(prior.inputs, prior.mostUnits);
  const priors = logPriors(all, prior);
  const entries = all.map((structure, at) => {
    const model = new Model(table, structure);
    return {
      structure, key: keyOf(networkOf(structure)), model, prior: priors[at], runs: [], first: sample(model, FIRST, stream.split('first', at)).log,
    };
  });
  const total = logSum(entries.map(({ first, prior: own }) => first + own));
  const order = entries.map(({ first, prior: own }, at) => [Math.exp(first + own - total), at]).sort(([a], [b]) => b - a);
  let left = 1;
  for (const [weight, at] of order) {
    const { model, key, runs } = entries[at];
    const needed = left > LEFT || others.has(key);
    left -= weight;
    if (!needed) continue;
    for (let run = 0; run < RUNS; run++) runs.push(sample(model, PARTICLES, stream.split('run', run, at)));
  }
  return { entries, close: entries.filter(({ runs }) => runs.length > 0) };
}

/** Log evidence: the mean of the runs' estimates of Z, or of one of them; of the first look where there is no other. */
export function logEvidence({ first, runs }, run) {
  if (runs.length === 0) return first;
  return run === undefined ? logSum(runs.map(({ log }) => log)) - Math.log(runs.length) : runs[run].log;
}

/** Probabilities of the inputs and of the numbers of units; by one of the runs where it is named. */
export function probabilities(entries, { inputs, mostUnits }, run) {
  const logs = entries.map((entry) => logEvidence(entry, run) + entry.prior);
  const total = logSum(logs);
  const pips = new Float64Array(inputs);
  const units = new Float64Array(mostUnits + 1);
  entries.forEach(({ structure }, at) => {
    const weight = Math.exp(logs[at] - total);
    for (const input of activeOf(structure)) pips[input] += weight;
    units[structure.units.length] += weight;
  });
  return { pips: [...pips], units: [...units] };
}

/**
 * Log evidence of a structure at one place of the scales' grid: that of the structure times the posterior probability of the
 * place over its prior one. The former is the mean over the weights drawn of what they say of it.
 * @param {{ model: Model, runs: { log: number, swarm: Float64Array[], weights: Float64Array }[] }} entry
 * @param {Record<string, number>} scales steps from the centre
 */
export function logEvidenceAt({ model, runs }, scales) {
  const places = KINDS.map((kind) => STEPS.indexOf(scales[kind]));
  const prior = KINDS.reduce((sum, kind, at) => sum + (model.places[kind].length > 0 ? LOG_SCALES[places[at]] : 0), 0);
  const logs = runs.map(({ log, swarm, weights }) => log + Math.log(swarm.reduce((sum, w, at) =>
    sum + weights[at] * KINDS.reduce((product, kind, k) => product * model.shareOf(kind, w, places[k]), 1), 0)));
  return logSum(logs) - Math.log(runs.length) - prior;
}
