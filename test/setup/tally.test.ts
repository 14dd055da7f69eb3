import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/tally.mjs', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-tally-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tally(report: object | undefined, exitCode: number, failedSteps = 0): { line: string; code: number | null } {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, report ? JSON.stringify(report) : '');
  const { stdout, status } = spawnSync(process.execPath, [SCRIPT, file, String(exitCode), String(failedSteps)], { encoding: 'utf8' });
  return { line: stdout, code: status };
}

const good = { status: 'passed', assertionResults: [{}] };

describe('the last line of .ci/run', () => {
  it('is the count of the tests', () => {
    expect(tally({ numPassedTests: 7, numFailedTests: 0, testResults: [good] }, 0)).toEqual({ line: '7 passed, 0 failed\n', code: 0 });
    const bad = { status: 'failed', assertionResults: [{}] };
    expect(tally({ numPassedTests: 5, numFailedTests: 2, testResults: [good, bad] }, 1)).toEqual({ line: '5 passed, 2 failed\n', code: 1 });
  });

  it('counts a file that could not be loaded', () => {
    const unloaded = { status: 'failed', assertionResults: [] };
    expect(tally({ numPassedTests: 7, numFailedTests: 0, testResults: [good, unloaded] }, 1).line).toBe('7 passed, 1 failed\n');
  });

  it('counts failed steps, and an exit code that the tests do not explain', () => {
    const report = { numPassedTests: 7, numFailedTests: 0, testResults: [good] };
    expect(tally(report, 0, 2)).toEqual({ line: '7 passed, 2 failed\n', code: 1 });
    expect(tally(report, 1)).toEqual({ line: '7 passed, 1 failed\n', code: 1 });
  });

  it('is there when no test ran, and is no success', () => {
    expect(tally(undefined, 1)).toEqual({ line: '0 passed, 1 failed\n', code: 1 });
    expect(tally({ numPassedTests: 0, numFailedTests: 0, testResults: [] }, 0).code).toBe(1);
  });
});
