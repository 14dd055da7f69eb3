// The training step in bnnc (compiled, eager), JAX and PyTorch on the same numbers, interleaved.
import path from 'node:path';
import { EngineProcess, engines, interleave } from './engine-process.mjs';
import { writeProblem } from './problem.mjs';
import { table, verdict } from './table.mjs';

/** Sizes, and what our step may be at most as a share of JAX's, the better PyTorch's and our own eager one. */
export const PROBLEMS = {
  small: { widths: [20, 64, 64, 1], task: 'regression', targets: { jax: 1, torch: 0.35, eager: 0.05 } },
  medium: { widths: [784, 300, 100, 10], task: 'multiclass', targets: { jax: 0.9, torch: 0.65, eager: 0.2 } },
  large: { widths: [784, 400, 400, 10], task: 'multiclass', targets: { jax: 0.9, torch: 0.65, eager: 0.2 } },
};

export async function stepPart({ python, rounds, sizes, folder }) {
  const results = [];
  for (const size of sizes) results.push(await measure(PROBLEMS[size], size, { python, rounds, folder }));
  return ['## Training step', '',
    'Gates both, silu, batch 128, local reparameterisation, Adam; milliseconds a step, the minimum of '
      + `${rounds} interleaved epochs of 39 steps each. The engines share the start and the minibatches; without noise the`
      + ' log-likelihoods of the first 20 steps agree to a relative '
      + `${Math.max(...results.map(({ disagreement }) => disagreement)).toExponential(1)}. Which way a fit runs is weighed from its`
      + ' weights and steps: from 12,000 weights on 4,000 steps are fused, smaller networks when they are trained for longer.', '',
    ...stepTable(results)];
}

async function measure({ widths, task, targets }, size, { python, rounds, folder }) {
  const file = path.join(folder, `${size}.bin`);
  writeProblem(file, { widths, task });
  const running = {};
  const checks = {};
  // One after the other, so that each compiles alone.
  for (const [name, command] of Object.entries(engines(python))) {
    running[name] = new EngineProcess(command(file));
    checks[name] = await running[name].ask('check');
  }
  const facts = await running.fused.ask('facts');
  const { nodes } = await running.compiled.ask('facts');
  const disagreement = Math.max(...Object.values(checks).flatMap((losses) =>
    losses.map((loss, at) => Math.abs(loss - checks.compiled[at]) / Math.abs(loss))));
  const best = await interleave(running, rounds);
  Object.values(running).forEach((engine) => engine.end());
  return { name: widths.join('-'), targets, best, disagreement, ...facts, nodes };
}

const bestTorch = (best) => Math.min(...Object.entries(best).filter(([engine]) => engine.startsWith('torch')).map(([, ms]) => ms));

function stepTable(results) {
  const row = (title, cell) => [title, ...results.map(cell)];
  const ratio = (of, target) => ({ best, targets }) => verdict(Math.min(best.compiled, best.fused) / of(best), targets[target]);
  const title = (engine) => ({
    compiled: 'bnnc, as 4,000 steps run', fused: 'bnnc, fused', eager: 'bnnc, eager', jax: 'JAX', torch: 'PyTorch',
  })[engine] ?? engine;
  return table(['', ...results.map(({ name }) => name)], [
    ...Object.keys(results[0].best).map((engine) => row(title(engine), ({ best }) => best[engine].toFixed(2))),
    row('the better of ours ÷ JAX', ratio(({ jax }) => jax, 'jax')),
    row('the better of ours ÷ the best PyTorch', ratio(bestTorch, 'torch')),
    row('the better of ours ÷ eager', ratio(({ eager }) => eager, 'eager')),
    row('operations a step', ({ nodes }) => nodes),
    row('recording and fusing, seconds (≤ 3)', ({ compileMs }) => (compileMs / 1000).toFixed(1)),
  ]);
}
