import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseFullConfig, resolveConfig } from '../../../src/config/resolve.js';
import { stringifyConfig } from '../../../src/config/stringify.js';

const cwd = mkdtempSync(join(tmpdir(), 'bnnc-names-'));
afterAll(() => rmSync(cwd, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(cwd, name), text);
  return name;
}

describe('names that mean something to JavaScript or YAML', () => {
  it('are columns like any other, from each source and back from the text of a config', async () => {
    const yaml = file('proto.yaml', 'data: {path: a.csv, target: y, columns: {__proto__: {kind: ignore}, constructor: {kind: numeric}}}\n');
    const json = file('proto.json', '{"data": {"path": "a.csv", "target": "y", "columns": {"__proto__": {"kind": "ignore"}}}}');
    for (const options of [{ file: yaml }, { file: json }, { sets: ['data.columns.__proto__.kind=ignore'], flags: { data: 'a.csv', target: 'y' } }]) {
      const { config } = await resolveConfig({ ...options, cwd });
      const again = parseFullConfig(stringifyConfig(config), 'config.yaml');
      for (const { data: { columns } } of [config, again]) {
        expect(Object.entries(columns)[0]).toEqual(['__proto__', { kind: 'ignore' }]);
        expect(Object.getPrototypeOf(columns)).toBe(Object.prototype);
      }
    }
    expect(({} as { kind?: string }).kind).toBeUndefined();
    await expect(resolveConfig({ sets: ['data.columns.__proto__.kind=x'], flags: { data: 'a.csv', target: 'y' }, cwd }))
      .rejects.toThrow("sets: ['data.columns.__proto__.kind=x']: expected one of numeric, categorical, boolean");
  });

  it('are values of --set as they are', async () => {
    for (const target of ['*rating', '? [a]', '[a', '&b', '{', '!!x y', '['.repeat(3000)]) {
      const { config } = await resolveConfig({ sets: [`data.target=${target}`], flags: { data: 'a.csv' }, cwd });
      expect(config.data.target).toBe(target);
    }
    await expect(resolveConfig({ sets: ['train.epochs=*x'], flags: { data: 'a.csv', target: 'y' }, cwd }))
      .rejects.toThrow("sets: ['train.epochs=*x']: the value is not YAML (*x refers to nothing)");
  });
});
