import { cpSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/export/checksum.js';
import { checkModelFiles } from '../../../src/predict/model-files.js';
import { openRun } from '../../../src/store/open.js';
import { readSplitRows } from '../../../src/store/parts.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bnnc-links-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a run with links', () => {
  beforeEach(() => cpSync('test/fixtures/format-1/run', join(folder, 'run'), { recursive: true }));

  it('is not read past its folder', async () => {
    renameSync(join(folder, 'run/splits.csv'), join(folder, 'splits.csv'));
    symlinkSync(join(folder, 'splits.csv'), join(folder, 'run/splits.csv'));
    const run = await openRun('run', folder);
    await expect(readSplitRows(run)).rejects.toThrow("run/splits.csv: this link leads out of the run's folder");
  });

  it('is read where they lead inside, or to the run itself', async () => {
    renameSync(join(folder, 'run/splits.csv'), join(folder, 'run/elsewhere.csv'));
    symlinkSync('elsewhere.csv', join(folder, 'run/splits.csv'));
    symlinkSync('run', join(folder, 'latest'));
    await expect(readSplitRows(await openRun('latest', folder))).resolves.toMatchObject({ train: expect.anything() });
  });
});

describe('the files of a model', () => {
  const write = (onnx: string, sums?: string): void => {
    writeFileSync(join(folder, 'model.onnx'), onnx);
    if (sums !== undefined) writeFileSync(join(folder, 'SHA256SUMS'), sums);
  };
  const check = (): Promise<void> => checkModelFiles('small', folder);

  it('are those that the checksums name; others may have been left out', async () => {
    write('abc', `${sha256('abc')}  model.onnx\n${sha256('x')}  tfjs/weights.bin\n`);
    await expect(check()).resolves.toBeUndefined();
    write('abd');
    await expect(check()).rejects.toThrow('small/model.onnx: its content has not the SHA-256 that SHA256SUMS names');
  });

  it('are taken as they are without checksums', async () => {
    write('abc');
    await expect(check()).resolves.toBeUndefined();
  });
});
