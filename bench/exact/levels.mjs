// One table of each level: the search's probabilities beside the gold standard's.
import { Evaluator, fitNetwork, keyOf, logScalePrior, slabsAt, Stream, tableOf } from 'bnnc/parts';
import { smallTable } from '../linear/simulated.mjs';
import { goldStandard, logEvidence, logEvidenceAt, PARTICLES, probabilities, RUNS } from './gold.mjs';
import { averaged, linearEvidence } from './linear.mjs';
import { weightsOf } from './modes.mjs';
import { Model, STEPS } from './model.mjs';
import { logSum, sample } from './sampler.mjs';
import { activeOf, logPriors, networkOf, structuresOf } from './structures.mjs';
import { nonlinearTable } from './tables.mjs';
import { searchOf, unitsOf } from './tool.mjs';

/** Weight, by the search, of a structure that the gold standard is to look at closely whatever it finds itself. */
const NOTICED = 0.002;
/** Of the sampler against quadrature: models a table. */
const CHECKED = 3;
/** So many times the steps. */
export const LONGER = 10;
const LARGEST_WORK = 60_000;

/** Linear models alone. */
export function levelZero(at, { seed, steps }) {
  const classes = at % 2 === 1;
  const { problem, rows, inputs, matter } = smallOne(seed, at >> 1, classes);
  const stream = Stream.fromSeed(`exact ${seed}`).split('level 0', at);
  const table = tableOf(problem);
  const { prior, summary, seconds } = searchOf(table, problem, 0, steps, stream);
  const all = structuresOf(inputs, 0);
  const priors = logPriors(all, prior);
  const laplace = inclusion(all, priors, laplaceEvidence(table, all), inputs);
  const found = { level: 0, at, classes, rows, inputs, matter, seconds, pips: [...summary.pips], laplace };
  if (classes) {
    const { entries } = goldStandard(table, prior, noticed(summary), stream.split('gold'));
    return { ...found, gold: probabilities(entries, prior).pips, noise: noiseOf(entries, prior) };
  }
  const evidence = linearEvidence(table);
  const logs = all.map(({ skips }) => averaged(evidence(skips)));
  const checks = Array.from({ length: CHECKED }, (_, check) => {
    const which = stream.split('check', check).integer(all.length);
    const runs = Array.from({ length: RUNS }, (_each, run) =>
      sample(new Model(table, all[which]), PARTICLES, stream.split('check', check, run)).log);
    return logSum(runs) - Math.log(RUNS) - logs[which];
  });
  return { ...found, gold: inclusion(all, priors, logs, inputs), noise: 0, checks };
}

/** The at-th of the tables that are not too large for the gold standard of classes. */
function smallOne(seed, at, classes) {
  for (let [draw, left] = [0, at]; ; draw++) {
    const table = smallTable(`exact ${seed}`, draw, classes);
    if (classes && 2 ** table.inputs * table.rows > LARGEST_WORK) continue;
    if (left-- === 0) return table;
  }
}

/** The evidence that the chain uses, scales summed over. */
function laplaceEvidence(table, all) {
  const evaluator = new Evaluator(table);
  return all.map((structure) => {
    const network = networkOf(structure);
    const at = (skip) => fitNetwork(evaluator, network, slabsAt(table.likelihood, { skip, in: 0, out: 0 })).evidence;
    return structure.skips.length === 0 ? at(0) : logSum(STEPS.map((skip) => at(skip) + logScalePrior(skip)));
  });
}

function inclusion(all, priors, evidence, inputs) {
  const logs = evidence.map((log, at) => log + priors[at]);
  const total = logSum(logs);
  const pips = new Array(inputs).fill(0);
  all.forEach((structure, at) => { for (const input of activeOf(structure)) pips[input] += Math.exp(logs[at] - total); });
  return pips;
}

/** Networks with units. */
export function levelOne(at, { seed, steps }) {
  const { problem, rows, inputs, mostUnits, classes, correlation, words } = nonlinearTable(`exact ${seed}`, at);
  const stream = Stream.fromSeed(`exact ${seed}`).split('level 1', at);
  const table = tableOf(problem);
  const { prior, summary, seconds } = searchOf(table, problem, mostUnits, steps, stream);
  const { summary: longer } = searchOf(table, problem, mostUnits, steps, stream, LONGER);
  const known = new Map([...noticed(summary), ...noticed(longer)]);
  const { entries, close } = goldStandard(table, prior, known, stream.split('gold'));
  const gold = probabilities(entries, prior);
  return {
    level: 1, at, classes, rows, inputs, mostUnits, correlation, words, seconds, gold: gold.pips, goldUnits: gold.units,
    noise: noiseOf(entries, prior), structures: entries.length, close: close.length,
    missed: close.filter(({ missed }) => missed).length, longer: [...longer.pips],
    pips: [...summary.pips], byEvidence: [...summary.byEvidence], byVisits: [...summary.byVisits],
    unstable: summary.unstable.filter(Boolean).length, units: unitsOf(summary, mostUnits),
    evidence: evidenceErrors(entries, close, summary), more: moreParticles(close, stream.split('more')),
    permuted: permuted(problem, mostUnits, steps, stream.split('permuted')),
  };
}

/** Structures of some weight, with their weights at the best of the scales. */
const noticed = ({ structures }) => {
  const known = new Set(structures.filter(({ weight }) => weight > NOTICED).map(({ visited: { network } }) => keyOf(network)));
  const all = [...structures].sort((a, b) => a.visited.log - b.visited.log).map(({ visited: { network } }) => network);
  const found = new Map();
  for (const network of all) if (known.has(keyOf(network))) found.set(keyOf(network), weightsOf(network));
  return found;
};

/** Largest difference of a PIP by one of the two runs from that by both. */
function noiseOf(entries, prior) {
  const [one, two] = [0, 1].map((run) => probabilities(entries, prior, run).pips);
  return Math.max(...one.map((pip, j) => Math.abs(pip - two[j]) / 2));
}

/** The chain's log evidence of a structure, at the scales where it is most probable, less that of the gold standard. */
function evidenceErrors(entries, close, { structures }) {
  const total = logSum(entries.map((entry) => logEvidence(entry) + entry.prior));
  const best = new Map();
  for (const { visited } of structures) {
    const key = keyOf(visited.network);
    if (!(best.get(key)?.log >= visited.log)) best.set(key, visited);
  }
  return close.filter(({ key }) => best.has(key)).flatMap((entry) => {
    const { evidence, scales } = best.get(entry.key);
    const known = logEvidenceAt(entry, scales);
    const weight = Math.exp(logEvidence(entry) + entry.prior - total);
    return known === undefined ? [] : { units: entry.structure.units.length, error: evidence - known, weight };
  });
}

/** The likeliest structure with units once more, with four times the particles: a mode that few miss would show. */
function moreParticles(close, stream) {
  const [likeliest] = close.filter(({ structure }) => structure.units.length > 0)
    .sort((a, b) => logEvidence(b) + b.prior - logEvidence(a) - a.prior);
  return likeliest && sample(likeliest.model, 4 * PARTICLES, stream).log - logEvidence(likeliest);
}

/** The same rows with their targets in another order: what the search finds in noise. */
function permuted(problem, mostUnits, steps, stream) {
  const order = stream.split('order').permutation(problem.x.rows);
  const shuffled = { ...problem, y: { ...problem.y, data: Float32Array.from(order, (n) => problem.y.data[n]) } };
  const { summary } = searchOf(tableOf(shuffled), shuffled, mostUnits, steps, stream.split('search'));
  return { pips: [...summary.pips], units: unitsOf(summary, mostUnits) };
}

/** Over all targets of a few rows of two classes the evidence of a structure adds up to 1. */
export function sumsToOne({ seed }) {
  const stream = Stream.fromSeed(`exact ${seed}`).split('sums');
  const rows = 6;
  const x = [0, 1].map((c) => Float64Array.from(stream.split('x', c).normals(rows)));
  const structures = [{ skips: [], units: [] }, { skips: [0], units: [[0, 1]] }, { skips: [0, 1], units: [[1], [0, 1]] }];
  return structures.map((structure, s) => {
    const logs = Array.from({ length: 2 ** rows }, (_, labels) => {
      const y = { data: Float32Array.from({ length: rows }, (_each, n) => labels >> n & 1) };
      const table = { x, y, rows, likelihood: { normal: false } };
      return sample(new Model(/** @type {any} */ (table), structure), PARTICLES, stream.split(s, labels)).log;
    });
    return { units: structure.units.length, sum: Math.exp(logSum(logs)) };
  });
}
