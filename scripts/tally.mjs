/**
 * Prints `N passed, N failed` from vitest's own JSON report: node scripts/tally.mjs REPORT EXIT_CODE FAILED_STEPS.
 * A test file that could not be loaded and a step that failed besides the tests (lint, types) count as one failure each, and so
 * does a missing report or an exit code that the report does not explain: nothing that went wrong leaves a 0. Ends with 1
 * when anything failed or nothing passed.
 */

import { readFileSync } from 'node:fs';

const [file, exitCode, steps] = process.argv.slice(2);
const { passed, failed } = countTests(file);
const unexplained = Number(exitCode) !== 0 && failed === 0 ? 1 : 0;
const total = failed + unexplained + Number(steps);
process.stdout.write(`${passed} passed, ${total} failed\n`);
process.exitCode = total > 0 || passed === 0 ? 1 : 0;

function countTests(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const unloaded = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}
