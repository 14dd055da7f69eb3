// One cell in a process of its own: what it is arrives as a message, its record goes back as one.
import {
  BnncError, compareWithCopies, handlers, learn, localRunner, outcomeOf, prepareTable, resolveConfig, startEngine, Stream,
  withCopies,
} from 'bnnc/parts';
import { targetOf } from './files.mjs';
import { protocolOf } from './protocols.mjs';
import { recordOf } from './record.mjs';
import { VARIANTS } from './variants.mjs';

/**
 * @typedef {object} Order
 * @property {{ row: string, variant: string, seed: number }} cell
 * @property {string} folder where the data are
 * @property {string[]} sets settings after those of the protocol and the variant
 */

process.on('message', async (/** @type {Order} */ order) => {
  const began = performance.now();
  const record = await measure(order).catch(failed);
  const seconds = (performance.now() - began) / 1000;
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  // Unlike the seconds, those of the processor do not depend on what else the machine does.
  const { user, system } = process.cpuUsage();
  process.send({ ...order.cell, ...record, seconds, cpuSeconds: (user + system) / 1e6, megabytes }, () => process.exit(0));
});

/** @param {Order} order */
async function measure({ cell: { row, variant, seed }, folder, sets: overrides }) {
  const protocol = protocolOf(row);
  const data = await protocol.data(seed, folder);
  const sets = [...protocol.sets, ...(data.sets ?? []), ...VARIANTS[variant], ...overrides];
  const flags = { data: '-', target: targetOf(data.table), seed };
  const { config } = await resolveConfig({ sets, flags, cwd: process.cwd() });
  const prepared = prepareTable(data.table, data.splits, config, { tests: data.tests });
  const engine = await startEngine();
  const runner = localRunner(handlers);
  const fitting = performance.now();
  const learned = await learn(runner, config, prepared);
  const fitSeconds = (performance.now() - fitting) / 1000;
  const outcome = async (threshold, models) =>
    outcomeOf(models, prepared, { threshold, split: 'test', train: config.train }, Stream.fromSeed(seed).split('outcome'));
  const main = await outcome(0.5, learned);
  const curve = [];
  const sparse = { ...learned, dense: undefined };
  for (const threshold of protocol.curve ?? []) curve.push({ threshold, ...(await outcome(threshold, sparse)) });
  const copies = protocol.copies && await checked(runner, config, prepared, protocol.copies);
  await runner.close();
  return {
    status: 'done', fitSeconds, steps: prepared.plan, ...recordOf({ protocol, learned, outcome: main, curve, truth: data.truth, prepared, copies }),
    engine: { name: engine.name, tensorflow: engine.tensorflow },
  };
}

/** The inputs beside copies that the target knows nothing of, as `bnnc select-features --knockoffs` compares them. */
async function checked(runner, config, prepared, kind) {
  const copies = withCopies(prepared, kind, Stream.fromSeed(config.train.seed).split('null check', kind));
  const alone = { ...config, train: { ...config.train, reference: false } };
  return (await compareWithCopies(runner, alone, copies, { kind, fdr: 0.1, threshold: 0.5 })).inputs;
}

/** A config that asks for what this version does not have is no fault of the cell. */
function failed(error) {
  const missing = error instanceof BnncError && error.problems.every(({ code }) => code.startsWith('config.'));
  return { status: missing ? 'unavailable' : 'failed', message: missing ? error.message : error.stack };
}
