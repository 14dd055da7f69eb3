import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run as inspect } from '../../../src/cli/commands/inspect/command.js';
import { splitArguments } from '../../../src/cli/model-arguments.js';
import { count, draws } from '../../../src/api/options/kinds.js';
import { Notices } from '../../../src/predict/notices.js';
import { world } from './world.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-arguments-'));
  writeFileSync(join(cwd, 'new.csv'), 'x\n1\n');
  writeFileSync(join(cwd, 'model.json'), '{}');
  mkdirSync(join(cwd, 'small'));
  writeFileSync(join(cwd, 'small', 'report.json'), '{"bnnc": "0.1.0"}');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe('model and data', () => {
  it('are told apart', async () => {
    expect(await splitArguments(['small', 'new.csv'], cwd)).toEqual({ model: 'small', data: 'new.csv' });
    expect(await splitArguments(['model.json', 'new.csv'], cwd)).toEqual({ model: 'model.json', data: 'new.csv' });
    expect(await splitArguments(['small', 'gone.csv'], cwd)).toEqual({ model: 'small', data: 'gone.csv' });
    expect(await splitArguments(['new.csv'], cwd)).toEqual({ data: 'new.csv' });
    writeFileSync(join(cwd, 'model.safetensors'), '');
    for (const model of ['model.json', 'model.safetensors']) expect(await splitArguments([model], cwd)).toEqual({ model });
  });

  it.each(['small', 'model.json'])('the wrong way round are refused: new.csv %s', async (model) => {
    await expect(splitArguments(['new.csv', model], cwd)).rejects.toMatchObject({ problems: [{ code: 'usage.swapped' }] });
  });

  it('a model without its JSON form cannot be inspected', async () => {
    const { context, out } = world();
    await expect(inspect(['small'], {}, { ...context, cwd })).rejects
      .toMatchObject({ exitCode: 6, problems: [{ code: 'run.no-json-model', where: { file: 'small' } }] });
    expect(out()).toBe('');
  });
});

describe('numbers of options', () => {
  it('have bounds', () => {
    expect([draws.read!('1'), draws.read!('100000'), count.read!('200000')]).toEqual([1, 100000, 200000]);
    for (const text of ['0', '1.5', '1e9', 'x']) expect(() => draws.read!(text), text).toThrow(/It must be/);
  });
});

describe('warnings', () => {
  it('show control characters as their codes', () => {
    const { context, err } = world();
    const notices = new Notices();
    notices.add({ type: 'out-of-range', column: 'a\x1b[2J', count: 1, line: 2, example: '9' });
    notices.tell(context.terminal.warn, 'new.csv');
    expect(err()).toMatch("column 'a\\x1b[2J': a row has a number far outside");
  });
});
