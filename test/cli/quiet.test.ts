import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missing, startRedis } from '../helpers/redis.js';
import { bnnc, temporaryFolder, withoutWarnings } from './program.js';

/** With this TensorFlow prints two lines when it is loaded, on every processor that oneDNN knows how to use. */
const NOISY = { TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: undefined };

const SMALL = [
  'model.hidden=[2]', 'search.steps=0', 'train.epochs=10', 'train.restarts=1', 'train.reference=false', 'inclusion.samples=100', 'inclusion.rescues=0',
].flatMap((each) => ['--set', each]);
const DATA = ['--data', 'data.csv', '--target', 'y'];
/** Every command, in an order in which each finds what it needs; more than once where it starts the engine in several ways. */
const LINES: [name: string, ...args: string[]][] = [
  ['init', 'data.csv', '--target', 'y'],
  ['validate', ...DATA],
  ['train', ...DATA, ...SMALL, '--jobs', '1', '-o', 'run'],
  ['train', ...DATA, ...SMALL, '--jobs', '2', '-o', 'side-by-side'],
  ['cv', ...DATA, ...SMALL, '--folds', '2', '--jobs', '1'],
  ['calibrate', ...DATA, ...SMALL, '--sets', '1'],
  ['sweep', '-c', 'sweep.json', ...DATA, ...SMALL, '--jobs', '1', '-o', 'swept'],
  ['plan', 'train', ...DATA, ...SMALL, '-o', 'plan.jsonl'],
  ['work', 'plan.jsonl', '-o', 'parts', '--jobs', '1'],
  ['merge', 'plan.jsonl', 'parts', '-o', 'merged'],
  ['inspect', 'run'],
  ['select-features', 'run'],
  ['select-features', 'run', '--knockoffs'],
  ['prune', 'run', '--threshold', '0', '-o', 'small'],
  ['prune', 'run', '--threshold', '0', '--fine-tune', '--format', 'onnx,json,savedmodel', '-o', 'tuned'],
  ['predict', 'run', 'data.csv'],
  ['predict', 'small', 'data.csv'],
  ['evaluate', 'run', 'data.csv'],
  ['report', 'run'],
  ['compare', 'run', 'side-by-side'],
  ['runs', '.'],
  ['doctor'],
  ['explain', 'PIP'],
  ['schema'],
  ['completion', 'bash'],
];

/** It needs a server. */
const WORKER: [name: string, ...args: string[]] = ['worker', '--idle', '0'];

function data(): string {
  const rows = Array.from({ length: 80 }, (_, n) => [Math.sin(n), Math.cos(3 * n), Math.sin(7 * n + 1)]);
  return ['a,b,c,y', ...rows.map(([a, b, c]) => [a, b, c, 2 * a - b + 0.1 * Math.sin(11 * (a + c))].join())].join('\n');
}

describe('--quiet', () => {
  it('leaves stderr empty whatever the tensor library prints', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'data.csv'), data());
    writeFileSync(join(cwd, 'sweep.json'), '{"folds": 2, "method": "grid", "keys": {"prior.slabScale": [1]}}');
    for (const line of LINES) {
      const { code, stderr } = await bnnc([...line, '--quiet'], { cwd, env: NOISY });
      // Warnings of bnnc itself stay.
      expect({ line, code, stderr: withoutWarnings(stderr) }).toEqual({ line, code: 0, stderr: '' });
    }
  }, 300_000);

  it.skipIf(missing.length > 0)('leaves it empty for a worker, too', async () => {
    const server = await startRedis();
    try {
      const { code, stderr } = await bnnc([...WORKER, '--queue', `redis://127.0.0.1:${server.port}`, '--quiet']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    } finally {
      await server.stop();
    }
  });

  it('was tried with every command', async () => {
    const { stdout } = await bnnc(['--help']);
    const commands = stdout.slice(stdout.indexOf('Prepare:'), stdout.indexOf('Examples:')).matchAll(/^ {2}([a-z][a-z-]*)\b/gm);
    const named = new Set([...LINES, WORKER].map(([name]) => name));
    const names = [...commands].map(([, name]) => name).filter((name) => name !== 'help');
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !named.has(name))).toEqual([]);
  });
});
