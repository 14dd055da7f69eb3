import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../src/errors.js';
import type { Manifest } from '../../../src/store/manifest.js';
import type { RunFolder } from '../../../src/store/open.js';
import { readConfig, readEncoder, readInputPips, readMetrics, readPosterior, readSplitRows } from '../../../src/store/parts.js';

const INPUTS = 'input,pip,pip_network,pip_min,pip_max,mc_se\na,1,1,1,1,0\nb,0.5,0.5,0.5,0.5,0\n';

/** A run folder in memory: its manifest knows `recorded`, its files hold `found`. */
function folder(found: Record<string, string>, recorded = found): RunFolder {
  const files = Object.fromEntries(Object.entries(recorded).map(([name, text]) =>
    [name, { bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') }]));
  const read = (name: string): Promise<Buffer> => Promise.resolve(Buffer.from(found[name]));
  return { path: 'runs/a', manifest: { files } as unknown as Manifest, read, readText: async (name) => (await read(name)).toString() };
}

async function problemOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof BnncError)) throw new Error(`expected a failure, got ${String(error)}`);
  return `${error.exitCode} ${error.problems[0].code} ${error.message}`;
}

describe('the parts of a run', () => {
  it('reads a table as it was written', async () => {
    expect((await readInputPips(folder({ 'inclusion/inputs.csv': INPUTS }))).map(({ input }) => input)).toEqual(['a', 'b']);
  });

  it.each([
    ['posterior.safetensors', readPosterior], ['encoder.json', readEncoder], ['config.yaml', readConfig],
    ['inclusion/inputs.csv', readInputPips], ['splits.csv', readSplitRows], ['metrics.json', readMetrics],
  ])('notices that %s was changed, or is not in the manifest', async (name, read) => {
    expect(await problemOf(read(folder({ [name]: 'abd' }, { [name]: 'abc' }))))
      .toMatch(`6 run.damaged runs/a/${name}: not as bnnc wrote it: its content has another SHA-256`);
    expect(await problemOf(read(folder({ [name]: 'abc' }, {})))).toMatch('the manifest does not list it');
  });

  it('notices a row that was deleted', async () => {
    const less = INPUTS.replace(/b.*\n/, '');
    expect(await problemOf(readInputPips(folder({ 'inclusion/inputs.csv': less }, { 'inclusion/inputs.csv': INPUTS }))))
      .toMatch('6 run.damaged');
  });

  it('takes a config that cannot be read for damage, not for a fault of the person', async () => {
    expect(await problemOf(readConfig(folder({ 'config.yaml': 'data:\n  path: [\n' })))).toMatch(/^6 run\.damaged runs\/a\/config\.yaml:\d/);
    expect(await problemOf(readConfig(folder({ 'config.yaml': 'data: {path: a.csv, target: y}\ntrain: {epochs: -1}\n' }))))
      .toMatch('6 run.damaged runs/a/config.yaml:2: not as bnnc wrote it: train.epochs');
  });

  const METRICS = 'test/fixtures/format-1/run/metrics.json';

  it('names every key of the metrics that is missing or of another kind', async () => {
    const whole = JSON.parse(readFileSync(METRICS, 'utf8')) as Record<string, unknown>;
    const needed = ['full', 'median', 'restarts'];
    for (const key of Object.keys(whole).filter((name) => name !== 'schemaVersion')) {
      const { [key]: _left, ...rest } = whole;
      const without = readMetrics(folder({ 'metrics.json': JSON.stringify(rest) }));
      if (needed.includes(key)) expect(await problemOf(without)).toMatch(`runs/a/metrics.json: not as bnnc wrote it: ${key} is missing`);
      else await expect(without).resolves.toBeDefined();
      const wrong = { ...whole, [key]: 'x' };
      expect(await problemOf(readMetrics(folder({ 'metrics.json': JSON.stringify(wrong) })))).toMatch(new RegExp(`wrote it: ${key}`));
    }
    const full = { ...whole, full: { ...(whole.full as object), size: { parameters: 3 } } };
    expect(await problemOf(readMetrics(folder({ 'metrics.json': JSON.stringify(full) })))).toMatch('full.size.nonZero is missing');
  });

  it('says what is wrong with the metrics', async () => {
    expect(await problemOf(readMetrics(folder({ 'metrics.json': '{}' })))).toMatch('it names no format');
    expect(await problemOf(readMetrics(folder({ 'metrics.json': '{"schemaVersion": 2}' })))).toMatch('format 2 instead of 1');
  });
});
