// The gold standard of level 1: every structure of a small space with its marginal likelihood by sequential Monte Carlo.
import { keyOf } from 'bnnc/parts';
import { aroundMode } from './modes.mjs';
import { KINDS, LOG_SCALES, Model, STEPS } from './model.mjs';
import { logSum, sample } from './sampler.mjs';
import { activeOf, logPriors, networkOf, structuresOf } from './structures.mjs';

/** Particles of the first look at all structures, and of each of the runs of those that matter. */
const FIRST = 16;
export const PARTICLES = 256;
export const RUNS = 2;
/** What the structures that have only the first look may weigh together, by that look. */
const LEFT = 0.02;
/** Draws around a mode, and nats by which they must have more for the sampler to have missed it. */
const DRAWS = 4000;
const MISSED = 0.5;
/** Of a place of the scales' grid, for weights to tell what its evidence is. */
const LEAST_SHARE = 1e-3;

/**
 * @param {import('bnnc/parts').SearchTable} table
 * @param {{ inputs: number, sparsity: number, unitRatio: number, mostUnits: number }} prior
 * @param {ReadonlyMap<string, Float64Array>} others keys of structures that are to be looked at closely in any case, and weights
 * near a mode
 * @param {import('bnnc/parts').Stream} stream
 */
export function goldStandard(table, prior, others, stream) {
  const all = structuresOf(prior.inputs, prior.mostUnits);
  const priors = logPriors(all, prior);
  const entries = all.map((structure, at) => {
    const model = new Model(table, structure);
    return {
      structure, key: keyOf(networkOf(structure)), model, prior: priors[at], runs: [], missed: false, first: sample(model, FIRST, stream.split('first', at)).log,
    };
  });
  const total = logSum(entries.map(({ first, prior: own }) => first + own));
  const order = entries.map(({ first, prior: own }, at) => [Math.exp(first + own - total), at]).sort(([a], [b]) => b - a);
  let left = 1;
  for (const [weight, at] of order) {
    const { model, key, runs, structure } = entries[at];
    const needed = left > LEFT || others.has(key);
    left -= weight;
    if (!needed) continue;
    for (let run = 0; run < RUNS; run++) runs.push(sample(model, PARTICLES, stream.split('run', run, at)));
    const mode = others.get(key);
    if (!mode || structure.units.length === 0) continue;
    const around = Array.from({ length: RUNS }, (_, run) => aroundMode(model, mode, DRAWS, stream.split('mode', run, at)));
    if (!around[0] || mean(around) < mean(runs) + MISSED) continue;
    entries[at].runs = around;
    entries[at].missed = true;
  }
  return { entries, close: entries.filter(({ runs }) => runs.length > 0) };
}

/** Log evidence: the mean of the runs' estimates of Z, or of one of them; of the first look where there is no other. */
export function logEvidence({ first, runs }, run) {
  if (runs.length === 0) return first;
  return run === undefined ? mean(runs) : runs[run].log;
}

const mean = (runs) => logSum(runs.map(({ log }) => log)) - Math.log(runs.length);

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
 * place over its prior one; undefined where that is too small to be known. It is the mean over the weights drawn of what they say
 * of it.
 * @param {{ model: Model, runs: { log: number, swarm: Float64Array[], weights: Float64Array }[] }} entry
 * @param {Record<string, number>} scales steps from the centre
 */
export function logEvidenceAt({ model, runs }, scales) {
  const places = KINDS.map((kind) => STEPS.indexOf(scales[kind]));
  const prior = KINDS.reduce((sum, kind, at) => sum + (model.places[kind].length > 0 ? LOG_SCALES[places[at]] : 0), 0);
  const shares = runs.map(({ swarm, weights }) => swarm.reduce((sum, w, at) =>
    sum + weights[at] * KINDS.reduce((product, kind, k) => product * model.shareOf(kind, w, places[k]), 1), 0));
  if (Math.min(...shares) < LEAST_SHARE) return undefined;
  return logSum(runs.map(({ log }, run) => log + Math.log(shares[run]))) - Math.log(runs.length) - prior;
}
