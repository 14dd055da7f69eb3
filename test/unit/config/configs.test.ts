import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/config/resolve.js';

const folder = fileURLToPath(new URL('../../../configs', import.meta.url));
const configs = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe('the configs that ship', () => {
  it('are there', () => {
    expect(configs).toEqual(expect.arrayContaining(['penguins.yaml', 'raisin.yaml']));
  });

  it.each(configs)('%s is sound and names its schema', async (name) => {
    expect(readFileSync(`${folder}/${name}`, 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=./bnnc.schema.json');
    const { config } = await resolveConfig({ file: name, cwd: folder });
    expect(config.data.path).toMatch(/datasets[\\/]\w+\.csv$/);
  });
});
