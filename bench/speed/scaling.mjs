// Time of a compiled step against rows, inputs and width.
import path from 'node:path';
import { EngineProcess, engines, interleave } from './engine-process.mjs';
import { writeProblem } from './problem.mjs';
import { table } from './table.mjs';

/** A time per unit of work that rises by more than this factor from one size to the next breaks the law; less is noise. */
const NOISE = 1.15;
const ONE = { task: 'regression', steps: 20 };
const SERIES = [
  {
    name: 'rows', unit: 'step', law: 'must not grow', sizes: [1000, 10000, 100000], work: () => 1,
    problem: (rows) => ({ ...ONE, widths: [20, 64, 64, 1], rows, steps: 100 }),
  },
  {
    name: 'inputs', unit: '1000 inputs', law: 'at most linear', sizes: [100, 1000, 10000], work: (inputs) => inputs / 1000,
    problem: (inputs) => ({ ...ONE, widths: [inputs, 64, 64, 1], rows: 1000 }),
  },
  {
    name: 'width', unit: '1000 weights', law: 'at most linear in weights', sizes: [64, 256, 1024],
    work: (width) => (20 * width + width * width + width) / 1000,
    problem: (width) => ({ ...ONE, widths: [20, width, width, 1], rows: 1000 }),
  },
];

export async function scalingPart({ rounds, folder }) {
  const rows = [];
  for (const series of SERIES) rows.push(...await measure(series, rounds, folder));
  return ['## Scaling', '',
    'Milliseconds of a compiled step, batch 128, the minimum of '
      + `${rounds} interleaved epochs of 20 steps (rows: 100). A law holds when no step up in size raises the time per unit by more than`
      + ` ${Math.round(100 * (NOISE - 1))} %, which is noise.`, '',
    ...table(['', 'network', 'rows', 'ms a step', 'ms per', 'law', 'holds'], rows)];
}

async function measure({ name, unit, law, sizes, work, problem }, rounds, folder) {
  const running = {};
  for (const size of sizes) {
    const file = path.join(folder, `${name}-${size}.bin`);
    writeProblem(file, problem(size));
    running[size] = new EngineProcess(engines().compiled(file));
  }
  const best = await interleave(running, rounds);
  Object.values(running).forEach((engine) => engine.end());
  return sizes.map((size, at) => {
    const per = (one) => best[one] / work(one);
    const { widths, rows } = problem(size);
    const holds = at === 0 ? '' : per(size) <= NOISE * per(sizes[at - 1]) ? 'yes' : 'no';
    return [`${name} ${size}`, widths.join('-'), rows, best[size].toFixed(2), `${per(size).toFixed(3)} per ${unit}`, at === 0 ? law : '', holds];
  });
}
