/** Exported models without the rest of the library: what is opened, and what is refused. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluate, openModel, predict, type ExportedModel } from '../../../src/api/exported-model.js';
import type { Row } from '../../../src/data/index.js';

const at = (path: string): string => fileURLToPath(new URL(`../../fixtures/format-1/${path}`, import.meta.url));
const model = await openModel(at('model'));
const { features, target } = model.encoder;
const rows = Array.from({ length: 5 }, (_, n) => Object.fromEntries([
  ...features.map(({ name, levels }) => [name, levels ? levels[n % levels.length] : n - 1.5]),
  [target.name, 'levels' in target ? target.levels[n % target.levels.length] : n],
]) as Row);

describe('an exported model', () => {
  it('is the same from its folder, its files, their bytes and its document', async () => {
    const json = readFileSync(at('model/model.json'));
    const sources = [at('model/model.json'), at('model/model.safetensors'), json, readFileSync(at('model/model.safetensors'))];
    for (const source of [...sources, JSON.parse(json.toString()) as object]) expect(await openModel(source)).toEqual(model);
    expect(await openModel('model', { cwd: at('') })).toEqual(model);
  });

  it.each<[string, unknown, string]>([
    ['a path of nothing', 'nowhere', 'run.missing'], ['a run', at('run'), 'run.no-json-model'],
    ['another object', { layers: [] }, 'run.not-a-model'], ['a number', 3, 'usage.option'],
  ])('is not %s', async (_, source, code) => {
    await expect(openModel(source as string)).rejects.toMatchObject({ problems: [{ code }] });
  });

  it('predicts and is measured alike from memory, from a path and as prune gives it', async () => {
    const [predicted, measured] = [await predict(model, rows), await evaluate(model, rows)];
    expect(predicted).toHaveLength(5);
    for (const source of [at('model'), { model }] as ExportedModel[]) {
      expect(await predict(source, rows)).toEqual(predicted);
      expect((await evaluate(source, rows)).metrics).toEqual(measured.metrics);
    }
    for (const source of [{}, null, 3]) {
      await expect(predict(source as never, rows)).rejects.toMatchObject({ problems: [{ code: 'usage.option' }] });
    }
  });
});
