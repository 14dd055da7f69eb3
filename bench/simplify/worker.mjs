// One table in a process of its own: all variants, one after the other. A task that an earlier variant had done in just this way
// is not done again; its seconds count as they were. What it is arrives as a message, its record goes back as one.
import { createHash } from 'node:crypto';
import v8 from 'node:v8';
import {
  handlers, jobsOf, keyOf, learn, localRunner, measureRun, prepareTable, resolveConfig, searchStructures, startEngine,
} from 'bnnc/parts';
import { targetOf } from '../truth/files.mjs';
import { protocolOf } from '../truth/protocols.mjs';
import { VARIANTS } from './variants.mjs';

/** What `auto` does without a search. */
const WHOLE = ['train.restarts=2', 'inclusion.rescues=3'];
/** By the hash of a task: its result, and its seconds of processor time. */
const known = new Map();

process.on('message', async (/** @type {any} */ order) => {
  const record = await measure(order).then((results) => ({ status: 'done', results }), ({ stack }) => ({ status: 'failed', message: stack }));
  process.send({ ...order.cell, ...record }, () => process.exit(0));
});

async function measure({ cell: { row, seed: fold }, folder, names }) {
  const protocol = protocolOf(row);
  const data = await protocol.data(fold, folder);
  await startEngine();
  const results = {};
  for (const name of names) {
    const variant = VARIANTS[name];
    const sets = [...protocol.sets, ...(data.sets ?? []), 'train.reference=false', ...WHOLE, ...(variant.sets ?? []),
      `search.steps=${variant.steps ? Math.round(variant.steps * results[names[0]].steps) : 'auto'}`];
    const flags = { data: '-', target: targetOf(data.table), seed: variant.seed ?? 1 };
    const { config } = await resolveConfig({ sets, flags, cwd: process.cwd() });
    const prepared = prepareTable(data.table, data.splits, config, { tests: data.tests });
    results[name] = await ofVariant(variant, config, prepared, data.truth);
    const { losses } = results[name];
    results[name].difference = difference(losses, results[names[0]].losses);
  }
  for (const each of Object.values(results)) delete each.losses;
  return results;
}

/** @param {import('./variants.mjs').Variant} variant */
async function ofVariant({ fits, exchanges = true, credible = true }, config, prepared, truth) {
  const seconds = {};
  let losses;
  let steps;
  /** @param {string} kind */
  const handler = (kind) => async (/** @type {any} */ task, hooks) => {
    const { result, cpu } = await once(kind, own(kind, task, exchanges), hooks);
    seconds[kind] = (seconds[kind] ?? 0) + cpu;
    if (kind === 'measure' && task.stream.at(-1) === 'full') losses = result.losses.test;
    steps ??= task.options?.steps;
    return credible || !result.effects ? result : { ...result, effects: { ...result.effects, sets: [] } };
  };
  /** @type {any} */
  const runner = localRunner(Object.fromEntries(Object.keys(handlers).map((kind) => [kind, handler(kind)])));
  /** @type {any} */
  const learned = fits ? await learn(runner, config, prepared, { jobs: jobsOf(config, prepared).filter((job) => fits(job.name)) })
    : await fromNothing(runner, config, prepared);
  const { chosen, inputs, search, linear, assessed = [], best = 0, temperature } = learned;
  const names = assessed.map((_, r) => `${r}`);
  const metrics = await measureRun(runner, prepared, {
    chosen, inputs, linear, assessed, best, names, seed: config.train.seed, ...(assessed.length > 0 && search && { search }),
  });
  await runner.close();
  const kept = metrics.median.inputs;
  return {
    losses, steps, seconds, kept, search, temperature: temperature?.chosen,
    average: metrics.full.splits.test, structure: metrics.median.splits.test, linear: metrics.linear?.splits.test,
    pips: inputs.map(({ pip }) => Number(pip.toPrecision(4))), unstable: inputs.filter((each) => each.unstable).length,
    ...(truth && { exact: kept.length === truth.length && truth.every((name) => kept.includes(name)) }),
  };
}

/** Chains from the credible sets and from nothing. */
async function fromNothing(runner, config, prepared) {
  const { task, inputGroup: group, inputGates: inputs } = prepared.shape;
  const { x, y } = prepared.fitData;
  const linear = await runner.run('linear', { problem: { task, x, y, group, inputs }, stream: [config.train.seed, 'linear'] });
  const found = await searchStructures(runner, config, prepared, { linear, starts: [] });
  return { chosen: found, inputs: found.pips, search: found.search, linear };
}

/** Chains from the same structure have the same draws, in whatever place they are. */
function own(kind, task, exchanges) {
  if (kind === 'chain') return { ...task, stream: [...task.stream.slice(0, 3), keyOf(task.options.start)] };
  if (kind === 'assess' && !exchanges) return { ...task, options: { ...task.options, exchanges } };
  return task;
}

async function once(kind, task, hooks) {
  const key = createHash('sha256').update(kind).update(v8.serialize(task)).digest('hex');
  if (!known.has(key)) {
    const before = process.cpuUsage();
    const result = await handlers[kind](task, hooks);
    const { user, system } = process.cpuUsage(before);
    known.set(key, { result, cpu: (user + system) / 1e6 });
  }
  return known.get(key);
}

/** What one loses more than the other on the test rows, in nats: number of rows, sum, and sum of squares. */
function difference(a, b) {
  const rows = Array.from(a, (loss, n) => loss - b[n]);
  return { rows: rows.length, sum: rows.reduce((sum, d) => sum + d, 0), squares: rows.reduce((sum, d) => sum + d * d, 0) };
}
