/** The Python package, by its own tests: with the Python that the variable BNNC_PYTHON names, which has what they need. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BIN } from './program.js';

const python = process.env.BNNC_PYTHON;
if (python === undefined) console.log('the tests of python/ are skipped: BNNC_PYTHON names no Python that has its packages');

const folder = join(import.meta.dirname, '..', '..', 'python');
const call = async (args: string[]): Promise<string> => {
  const env = {
    ...process.env, BNNC: `${process.execPath} ${BIN}`, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1',
  };
  const { stdout } = await promisify(execFile)(python!, args, { cwd: folder, env })
    .catch((error: { stdout: string; stderr: string }) => {
      throw new Error(error.stdout + error.stderr);
    });
  return stdout;
};

describe.skipIf(python === undefined)('the Python package', () => {
  it('passes its tests', async () => {
    expect(await call(['-m', 'pytest', '-q', '-p', 'no:cacheprovider'])).toMatch(/\d+ passed/);
  }, 400_000);
});
