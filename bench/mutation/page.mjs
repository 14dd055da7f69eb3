// The page of mutation testing, from the reports of its parts.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { table } from '../truth/format.mjs';
import { facts } from '../truth/machine.mjs';
import { PARTS } from './parts.mjs';

/** @param {string} root of the project @param {string} place where the reports are */
export function page(root, place) {
  const { commit, machine } = facts(root);
  const rows = Object.keys(PARTS).map((part) => {
    const file = path.join(place, `${part}.json`);
    return existsSync(file) ? rowOf(part, JSON.parse(readFileSync(file, 'utf8'))) : [`src/${part}`, 'not run', ...Array(7).fill('')];
  });
  const tests = Object.entries(PARTS).map(([part, patterns]) => `- \`src/${part}\`: ${patterns.map((each) => `\`${each}\``).join(', ')}`);
  return [
    '# Mutation testing', '',
    'Lines of the source are changed, one change at a time: another operator, another bound, a condition that always holds, a body left out. A change',
    'is found when a test fails or does not end. One that no test notices may be a gap of the tests, or make no difference to what is computed.', '',
    `By \`npm run mutation\`, Stryker for Vitest, page of commit ${commit}; ${machine.cores} cores, ${machine.cpu}, Node ${machine.node}.`, '',
    ...table(['folder', 'date', 'share of the lines', 'changes', 'found', 'no end', 'survived', 'no test', 'found, %'], rows),
    'Where the share is below 1, blocks of eight lines are drawn by a hash of their place, and a change that reaches beyond its block is left out. Texts',
    'and patterns of texts are not changed, nor what runs only once, when a module is loaded. "Found, %" counts those without end as found, and those of',
    'lines that none of these tests runs as not found. The tests that count:', '', ...tests, '',
    'Tests of other folders, of the command line and of statistics may find more; they were not run.', '',
  ].join('\n');
}

function rowOf(part, { files, share, date }) {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...wanted) => statuses.filter((status) => wanted.includes(status)).length;
  const [killed, timeout, survived, none] = ['Killed', 'Timeout', 'Survived', 'NoCoverage'].map((status) => count(status));
  const all = killed + timeout + survived + none;
  return [`\`src/${part}\``, date, share, all, killed, timeout, survived, none, (100 * (killed + timeout) / all).toFixed(1)];
}
