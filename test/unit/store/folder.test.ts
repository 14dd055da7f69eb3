import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXPORT_FORMATS, exportModel } from '../../../src/export/index.js';
import { makeFolders, openPending } from '../../../src/store/files.js';
import { writeModelFolder } from '../../../src/store/folder.js';
import { randomCompressed } from '../../helpers/random-compressed.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-folder-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** Every file below the folder, hidden ones too. */
const everything = (): string[] => readdirSync(cwd, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(cwd.length + 1)).sort();

const files = new Map<string, string | Uint8Array>([
  ...exportModel(randomCompressed({ seed: 1, task: 'binary' }), EXPORT_FORMATS, '0.0.0').map(({ file, bytes }) => [file, bytes] as const),
  ['report.json', '{"bnnc": "0.0.0"}'],
]);
const names = [...files.keys()].map((name) => `small/${name}`).sort();

describe('the folder of an exported model', () => {
  it('has the files of all formats, those in sub-folders too, and is replaced as a whole', async () => {
    expect(names).toContain('small/tfjs/weights.bin');
    await writeModelFolder('small', files, { cwd });
    expect(everything()).toEqual(names);
    for (const [name, content] of files) expect(readFileSync(join(cwd, 'small', name))).toEqual(Buffer.from(content));
    await expect(writeModelFolder('small', files, { cwd })).rejects.toMatchObject({ problems: [{ code: 'run.exists' }] });
    const fewer = new Map([...files].filter(([name]) => !name.includes('/')));
    await writeModelFolder('small', fewer, { cwd, force: true });
    expect(everything()).toEqual(names.filter((name) => name.split('/').length === 2));
    expect(readdirSync(join(cwd, 'small'))).not.toContain('tfjs');
  });

  it('stays as it was when one of its files cannot be written', async () => {
    await writeModelFolder('small', files, { cwd });
    const broken = new Map([...files, ['report.json/inside', 'x']]);
    await expect(writeModelFolder('small', broken, { cwd, force: true })).rejects.toMatchObject({ problems: [{ code: 'run.not-writable' }] });
    expect(everything()).toEqual(names);
    await expect(writeModelFolder('other', broken, { cwd })).rejects.toThrow('other/report.json/inside: cannot write');
    expect(everything()).toEqual(names);
  });

  it('is written once by those who come at once', async () => {
    const ends = await Promise.allSettled(Array.from({ length: 5 }, () => writeModelFolder('new/small', files, { cwd })));
    const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    expect(failed).toHaveLength(4);
    for (const error of failed) expect(error).toMatchObject({ problems: [{ code: 'run.exists', where: { file: 'new/small' } }] });
    expect(everything()).toEqual(names.map((name) => `new/${name}`));
  });

  it('takes the place of an empty one', async () => {
    mkdirSync(join(cwd, 'small'));
    await writeModelFolder('small', files, { cwd });
    expect(everything()).toEqual(names);
  });

  it('is left alone when somebody has put a file into a sub-folder', async () => {
    await writeModelFolder('small', files, { cwd });
    writeFileSync(join(cwd, 'small/tfjs/index.html'), 'mine');
    await expect(writeModelFolder('small', files, { cwd, force: true })).rejects
      .toMatchObject({ problems: [{ code: 'run.not-a-run', message: expect.stringContaining('tfjs/index.html') as string }] });
    mkdirSync(join(cwd, 'mine'));
    writeFileSync(join(cwd, 'mine/model.safetensors'), 'of another program');
    await expect(writeModelFolder('mine', files, { cwd, force: true })).rejects.toMatchObject({ problems: [{ code: 'run.not-a-run' }] });
  });
});

describe('making folders', () => {
  it('is undone when the file for which they were made is discarded', async () => {
    mkdirSync(join(cwd, 'there'));
    for (const path of ['there/new/sub/x', 'new/x', 'there/x']) await (await openPending(join(cwd, path))).discard();
    expect(readdirSync(cwd, { recursive: true })).toEqual(['there']);
    const kept = await openPending(join(cwd, 'new/x'));
    writeFileSync(join(cwd, 'new/mine'), '');
    await kept.discard();
    expect(everything()).toEqual(['new/mine']);
  });

  it('tells the first that was made, and nothing when all are there', async () => {
    expect(await makeFolders(join(cwd, 'a/b/c'))).toBe(join(cwd, 'a'));
    expect(await makeFolders(join(cwd, 'a/b/d'))).toBe(join(cwd, 'a/b/d'));
    expect(await makeFolders(join(cwd, 'a/b'))).toBeUndefined();
    writeFileSync(join(cwd, 'file'), '');
    await expect(makeFolders(join(cwd, 'file/x'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await Promise.all([1, 2, 3].map(() => makeFolders(join(cwd, 'at/once'))))).toContain(join(cwd, 'at'));
  });

  it.runIf(existsSync('/proc/self'))('ends where the system makes none', async () => {
    await expect(makeFolders('/proc/bnnc/x')).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) as string });
  });
});
