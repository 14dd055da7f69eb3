/** Documents that scripts write from the program as it is built. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

describe('docs/config.md', () => {
  it('is what scripts/config-docs.mjs makes of the schema', () => {
    const made = execFileSync(process.execPath, [join(ROOT, 'scripts/config-docs.mjs')], { encoding: 'utf8' });
    expect(read('docs/config.md')).toBe(made);
  });
});

describe('docs/commands.md', () => {
  it('is what scripts/commands-docs.mjs makes of the commands and the tables of their options', () => {
    const made = execFileSync(process.execPath, [join(ROOT, 'scripts/commands-docs.mjs')], { encoding: 'utf8' });
    expect(read('docs/commands.md')).toBe(made);
  });
});

describe('docs/glossary.md', () => {
  it('is what scripts/glossary-docs.mjs makes of the words of bnnc explain', () => {
    const made = execFileSync(process.execPath, [join(ROOT, 'scripts/glossary-docs.mjs')], { encoding: 'utf8' });
    expect(read('docs/glossary.md')).toBe(made);
  });
});
