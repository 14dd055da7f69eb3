import { beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/config/resolve.js';
import { startEngine } from '../../../src/engine/backend.js';
import { localRunner } from '../../../src/jobs/runner.js';
import { Stream } from '../../../src/random.js';
import type { Table } from '../../../src/data/index.js';
import { rowsTable } from '../../../src/data/index.js';
import { outcomeOf } from '../../../src/work/compare-models.js';
import { handlers } from '../../../src/work/handlers.js';
import { learn } from '../../../src/work/learn.js';
import { prepare } from '../../../src/work/prepare.js';
import { patientTable } from '../../helpers/patients.js';
import { READ } from '../../unit/data/sources.js';

beforeAll(() => startEngine());

async function learnt(table: Table, sets: string[]) {
  const resolved = await resolveConfig({ sets: ['data.path=-', 'data.target=y', 'train.reference=false', ...sets], cwd: '.' });
  const prepared = await prepare(resolved, table);
  const runner = localRunner(handlers);
  const learned = await learn(runner, resolved.config, prepared).finally(() => runner.close());
  const outcome = await outcomeOf(learned, learned.prepared, { threshold: 0.5, split: 'test', train: resolved.config.train }, Stream.fromSeed(1));
  return { prepared, learned, outcome };
}

describe('20 patients of 10 nearly equal rows, with random labels', () => {
  it('look perfect where rows are dealt one by one, and are warned of', async () => {
    const { prepared: { leakage }, outcome } = await learnt(patientTable({ seed: 1 }),
      ['data.columns={patient: {kind: ignore}}', 'search.steps=0', 'train.restarts=1', 'train.epochs=1500']);
    expect(leakage!.nearRows).toMatchObject({ column: 'patient' });
    expect(outcome.full.metrics.accuracy).toBeGreaterThan(0.9);
  }, 60_000);

  it('are noise where patients stay together', async () => {
    // Four patients are held out: of five tables 20, whose accuracy lies within .5 ± .3 with a probability of .99.
    const found = await Promise.all([1, 2, 3, 4, 5].map((seed) =>
      learnt(patientTable({ seed }), ['data.split.group=patient', `train.seed=${seed}`])));
    const accuracy = found.reduce((sum, { outcome }) => sum + outcome.full.metrics.accuracy! / 5, 0);
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(0.3);
    // Of 30 inputs that do nothing some may seem to do something in 14 patients: a PIP of .5 is wrong half of the time.
    const pips = found.flatMap(({ learned: { inputs } }) => inputs.map(({ pip }) => pip));
    expect(pips.filter((pip) => pip >= 0.5).length).toBeLessThanOrEqual(3);
    expect(pips.reduce((sum, pip) => sum + pip, 0) / pips.length).toBeLessThan(0.25);
    for (const { learned: { linear }, prepared: { encoder } } of found) {
      expect(linear.dependence!.rows).toBeLessThan(16);
      expect(encoder.features.map(({ name }) => name)).not.toContain('patient');
    }
  }, 120_000);

  it('tell of an input that does matter', async () => {
    const label = ([, second]: Float32Array): string => (second > 0 ? 'a' : 'b');
    const { learned: { inputs }, outcome } = await learnt(patientTable({ patients: 80, rows: 4, label }), ['data.split.group=patient']);
    expect(inputs.filter(({ pip }) => pip >= 0.5).map(({ input }) => input)).toEqual(['x2']);
    expect(outcome.full.metrics.accuracy).toBeGreaterThan(0.8);
  }, 60_000);
});

describe('class weights', () => {
  it('raise the recall of a rare class at the cost of others, and not the metrics that weigh rows alike', async () => {
    const stream = Stream.fromSeed('rare');
    const rows = Array.from({ length: 600 }, () => {
      const [x1, x2, noise] = stream.normals(3);
      return { x1, x2, y: x1 + noise > 1.9 ? 'rare' : 'usual' };
    });
    const recall = async (sets: string[]): Promise<number> => {
      const { outcome } = await learnt(rowsTable(rows, READ), [
        'search.steps=0', 'train.restarts=1', 'train.epochs=1000', 'model.hidden=[]', 'data.split.test=0.4', ...sets,
      ]);
      const { labels, predicted } = outcome.losses.full!;
      const rare = Array.from(labels!.keys()).filter((n) => labels![n] === 0);
      return rare.filter((n) => predicted![n] === 0).length / rare.length;
    };
    // About a tenth of the rows; with equal classes the boundary is where each has half of the density.
    const [plain, balanced] = [await recall([]), await recall(['data.classWeights=balanced'])];
    expect(balanced).toBeGreaterThan(plain + 0.2);
    expect(balanced).toBeGreaterThan(0.65);
  }, 60_000);
});
