import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeEncoder, writeSafetensors } from '../../../src/export/index.js';
import { inclusion } from '../../../src/inference/inclusion/inclusion.js';
import { Stream } from '../../../src/random.js';
import { gather } from '../../../src/report/gather.js';
import { historyTable } from '../../../src/store/history.js';
import type { Manifest } from '../../../src/store/manifest.js';
import type { RunFolder } from '../../../src/store/open.js';
import { posteriorToTensors } from '../../../src/store/posterior-tensors.js';
import { splitsTable } from '../../../src/store/splits.js';
import { inputsTable, nodesTable } from '../../../src/store/tables.js';
import { encoderFor, randomPosterior } from '../../helpers/random-posterior.js';
import { healthyState } from '../../helpers/run-state.js';
import { withGates } from '../../../src/model/gates.js';

const folder = mkdtempSync(join(tmpdir(), 'bnnc-gather-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run in memory, of the inputs x1 to x3, whose data came through a pipe; its test rows are in a file of their own. */
function runOf(testFile: string, test?: Manifest['test']): RunFolder {
  const { metrics, history } = healthyState();
  const gated = randomPosterior({ seed: 1, task: 'regression', activation: 'tanh', gates: 'both', features: [1, 1, 1], hidden: [4] });
  const open = gated.layers.map((layer) => ({ ...layer, alpha: layer.alpha.map(() => 1) }));
  const posterior = { ...withGates(gated, ({ z }) => z.map(() => 1)), layers: open };
  const pips = inclusion(posterior, { samples: 50, stream: Stream.fromSeed(1) });
  const { tensors, metadata } = posteriorToTensors(posterior);
  const inputs = Array.from(pips.inputs, (pip, f) =>
    ({ input: `x${f + 1}`, pip, pipNetwork: pip, pipMin: pip, pipMax: pip, mcSe: 0, unstable: false }));
  const part = Int32Array.of(0, 1, 2);
  const files: Record<string, string | Uint8Array> = {
    'config.yaml': `data:\n  path: '-'\n  target: y\n  split:\n    testFile: ${JSON.stringify(testFile)}\nmodel:\n  hidden: [4]\n`,
    'encoder.json': writeEncoder(encoderFor('regression', [1, 1, 1])), 'posterior.safetensors': writeSafetensors(tensors, metadata),
    'inclusion/inputs.csv': inputsTable(inputs), 'inclusion/nodes.csv': nodesTable(pips.nodes, pips.nodeErrors),
    'metrics.json': JSON.stringify(metrics), 'history.csv': historyTable(history),
    'splits.csv': splitsTable({ train: part, validation: new Int32Array(0), test: new Int32Array(0) }).toString(),
  };
  const entries = Object.entries(files).map(([name, content]) =>
    [name, { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }]);
  const read = (name: string): Promise<Buffer> => Promise.resolve(Buffer.from(files[name]));
  const data = { path: '-', sha256: '0'.repeat(64), rows: 3 };
  const manifest = { seed: 1, data, files: Object.fromEntries(entries) as Manifest['files'], ...(test && { test }) } as Manifest;
  return { path: 'runs/a', manifest, read, readText: async (name) => (await read(name)).toString() };
}

describe('what a report shows of rows in a test file of their own', () => {
  it.each([
    ['as they were', 'x1,x2,x3,y\n1,2,3,4\n2,3,4,6\n', undefined],
    ['with a column less', 'x1,x2,y\n1,2,4\n', /a column is missing that the model needs: 'x3'/],
    ['without the target', 'x1,x2,x3\n1,2,3\n', /the held-out rows have no values in the column 'y'/],
    ['no longer a table', 'x1,x2,x3,y\n1,2\n', /./],
  ])('%s', async (name, text, reason) => {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, text);
    const { heldOut, curve, model } = await gather(runOf(file));
    expect(model.encoder.features).toHaveLength(3);
    if (reason === undefined) expect(heldOut).toMatchObject({ split: 'test', outputs: { rows: 2 } });
    else expect((heldOut as { reason: string }).reason).toMatch(reason);
    expect(curve.points.length).toBeGreaterThan(0);
    expect(curve.points.every(({ test }) => (test === undefined) === (reason !== undefined))).toBe(true);
  });

  it.each([
    ['the same', 'x1,x2,x3,y\n1,2,3,4\n2,3,4,6\n', undefined],
    ['other rows', 'x1,x2,x3,y\n1,2,3,5\n2,3,4,6\n', 'has changed since the run'],
    ['not a table', 'x1,x2,x3,y\n1,2\n', 'has changed since the run'],
    ['away', undefined, 'no longer exists'],
  ])('that the run knows by its SHA-256, and that is now %s', async (name, text, reason) => {
    const file = join(folder, `known ${name}.csv`);
    if (text !== undefined) writeFileSync(file, text);
    const sha256 = createHash('sha256').update('x1,x2,x3,y\n1,2,3,4\n2,3,4,6\n').digest('hex');
    const { heldOut } = await gather(runOf(file, { path: file, sha256, rows: 2 }));
    if (reason === undefined) expect(heldOut).toMatchObject({ split: 'test', outputs: { rows: 2 } });
    else expect(heldOut).toEqual({ reason: `${file} ${reason}` });
  });
});
