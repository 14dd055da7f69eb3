// How near the step comes to the machine's limit, and where the rest of its time goes.
import path from 'node:path';
import { EngineProcess, engines, interleave } from './engine-process.mjs';
import { writeProblem } from './problem.mjs';
import { PROBLEMS } from './step.mjs';
import { table } from './table.mjs';

/** Operation types with a smaller share are summed up. */
const SMALL = 0.005;

export async function profilePart({ rounds, folder }) {
  const lines = ['## Where the time of a step goes', '',
    'Every operation of the recorded step was timed alone, in a compiled loop of its own on inputs of its shapes, with the empty'
      + " loop's time taken off. In the step itself independent operations share the cores and some are fused by TensorFlow, so the"
      + ' sum is not the time of the step. Rates are matrix-product operations (two for each multiply-add) per second.', ''];
  for (const name of ['medium', 'large']) lines.push(...await profile(PROBLEMS[name], name, rounds, folder));
  return lines;
}

async function profile({ widths, task }, name, rounds, folder) {
  const file = path.join(folder, `profile-${name}.bin`);
  writeProblem(file, { widths, task });
  const engine = new EngineProcess(engines().compiled(file));
  const { step } = await interleave({ step: engine }, rounds);
  const { operations, square } = await engine.ask('profile');
  engine.end();
  const sum = (of) => operations.reduce((total, row) => total + row[of], 0);
  const products = operations.filter(({ flops }) => flops > 0);
  const productMs = products.reduce((total, { ms }) => total + ms, 0);
  const flops = sum('flops');
  const rate = (count, ms) => count / ms / 1e6;
  const limit = rate(square.flops, square.ms);
  const share = (ms) => `${(100 * ms / sum('ms')).toFixed(1)} %`;
  const small = operations.filter(({ ms }) => ms < SMALL * sum('ms'));
  const rest = { op: 'all others', count: small.reduce((n, { count }) => n + count, 0), ms: small.reduce((n, { ms }) => n + ms, 0) };
  const shown = [...operations.filter((row) => !small.includes(row)), ...(small.length > 0 ? [rest] : [])];
  return [`### ${widths.join('-')}`, '',
    ...table(['matrix products', 'GFLOP', 'ms', 'GFLOP/s', 'of the limit'], [
      [`bare ${square.size} × ${square.size} square product (the limit)`, square.flops, square.ms],
      ["the step's products alone", flops, productMs], ['the whole step', flops, step],
    ].map(([title, count, ms]) =>
      [title, (count / 1e9).toFixed(2), ms.toFixed(2), rate(count, ms).toFixed(1), `${(100 * rate(count, ms) / limit).toFixed(0)} %`])), '',
    ...table(['operation', 'count', 'ms a step', 'share'], [
      ...shown.map(({ op, count, ms }) => [op, count, ms.toFixed(3), share(ms)]), ['sum', sum('count'), sum('ms').toFixed(2), ''],
    ]), ''];
}
