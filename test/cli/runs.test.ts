import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { bnnc } from './in-process.js';
import { bash, BIN, temporaryFolder, writeRun } from './program.js';

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

describe('select-features', () => {
  it('prints names by descending PIP, 0.5 included', async () => {
    writeRun(join(cwd, 'runs/a'));
    const { code, stdout, stderr } = await bnnc(['select-features', 'runs/a'], { cwd });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'x1\na, b\nx3\n', stderr: '' });
  });

  it.each([
    [['--threshold', '0.9'], 'x1\na, b\n'],
    [['--top', '1'], 'x1\n'],
    [['--fdr', '0.05'], 'x1\na, b\n'],
    [['--fdr', '0.2'], 'x1\na, b\nx3\n'],
  ])('%j', async (rule, expected) => {
    writeRun(join(cwd, 'runs/a'));
    expect((await bnnc(['select-features', 'runs/a', ...rule], { cwd })).stdout).toBe(expected);
  });

  it('gives CSV and JSON with spread and running FDR', async () => {
    writeRun(join(cwd, 'runs/a'));
    const csv = await bnnc(['select-features', 'runs/a', '--format', 'csv', '--top', '2'], { cwd });
    expect(csv.stdout).toBe('rank,input,pip,pip_network,pip_min,pip_max,mc_se,linear,nonlinear,nonlinear_se,verdict,unstable,kept,fdr,sets,represents,effect\n' +
      `1,x1,1,1,1,1,0,,,,,false,false,0,,,\n2,"a, b",0.97,0.98,0.5,0.99,0.001,,,,,false,false,${(1 - 0.97) / 2},,,\n`);
    expect(csv.stderr).toBe('this run has no credible sets, because an earlier version of bnnc made it\n');
    const document = JSON.parse((await bnnc(['select-features', 'runs/a', '--json'], { cwd })).stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ schemaVersion: 1, run: 'runs/a', rule: { threshold: 0.5 }, candidates: 4 });
    expect(document.selected).toMatchObject([{ rank: 1, input: 'x1' }, { rank: 2, input: 'a, b', pipMin: 0.5 }, { rank: 3 }]);
  });

  const SETS = `set,source,input,probability,purity,log_bayes_factor
1,linear,x1,1,1,88.25
2,linear,"a, b",0.61,0.99,31.5
2,linear,x4,0.37,0.99,31.5
3,network,x1,1,1,
`;
  const withSets = (): void => writeRun(join(cwd, 'runs/a'), { 'inclusion/sets.csv': SETS });
  const select = (...rest: string[]) => bnnc(['select-features', 'runs/a', ...rest], { cwd });

  it('tells in which credible sets a selected input is; names stay names', async () => {
    withSets();
    expect(await select('--top', '2')).toEqual({ code: 0, stdout: 'x1\na, b\n', stderr: '' });
    const csv = await select('--top', '3', '--format', 'csv');
    expect(csv.stderr).toBe('');
    expect(csv.stdout).toMatch(/^1,x1,.*,"1, 3",,\n2,"a, b",.*,2,2,0\.9+\d*\n3,x3,.*,,,\n$/m);
    const document = JSON.parse((await select('--json')).stdout) as Record<string, unknown>;
    expect(document.selected).toMatchObject([{ input: 'x1', sets: [1, 3] }, { input: 'a, b', sets: [2] }, { input: 'x3', sets: [] }]);
    expect(document.sets).toMatchObject([{ source: 'linear', purity: 1 }, {
      source: 'linear', purity: 0.99, logBayesFactor: 31.5,
      inputs: [{ input: 'a, b', probability: 0.61, pip: 0.97, selected: true }, { input: 'x4', probability: 0.37, pip: 0.02, selected: false }],
    }, { source: 'network' }]);
  });

  it('names an input that stands for a set of which none passes', async () => {
    withSets();
    const { stdout, stderr } = await select('--threshold', '0.99', '--format', 'csv');
    expect(stdout).toMatch(/^1,x1,.*,"1, 3",,\n2,"a, b",.*,2,2,0\.9+\d*\n$/m);
    expect(stderr).toBe('a, b stands for a set of 2 (PIP 0.97)\n');
    const document = JSON.parse((await select('--threshold', '0.99', '--json')).stdout) as Record<string, unknown>;
    expect(document.selected).toMatchObject([{ input: 'x1' }, { input: 'a, b', represents: { set: 2, members: 2, effect: 1 / (1 + Math.exp(-31.5)) } }]);
    expect(await select('--threshold', '0.99', '--representatives', 'false')).toEqual({ code: 0, stdout: 'x1\n', stderr: '' });
  });

  it('counts the effect of a set once for a false discovery rate and for a number, and says so where it changes the choice', async () => {
    withSets();
    const told = 'a, b stands for a set of 2 (PIP 0.97)\n';
    expect(await select('--fdr', '0.01')).toEqual({ code: 0, stdout: 'x1\na, b\n', stderr: told });
    expect(await select('--fdr', '0.01', '--representatives', 'false')).toEqual({ code: 0, stdout: 'x1\n', stderr: '' });
    const document = JSON.parse((await select('--fdr', '0.01', '--json')).stdout) as { selected: { fdr: number }[] };
    // The mean of 0 and of the probability that there is no such effect, exp(-31.5).
    expect(document.selected[1].fdr).toBeLessThan(1e-13);
    expect(await select('--top', '2')).toEqual({ code: 0, stdout: 'x1\na, b\n', stderr: '' });
  });

  it('--sets lists the sets as a table, as CSV and as JSON, and which of their inputs the rule selects', async () => {
    withSets();
    const table = await select('--sets');
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toBe([
      'set  one of      p    PIP  selected   |r|  found by  log BF',
      '  1  x1      1.000  1.000  yes             linear      88.3',
      '  2  a, b    0.610  0.970  yes       0.99  linear      31.5',
      '  2  x4      0.370  0.020  no',
      '  3  x1      1.000  1.000  yes             network',
      '',
      '1 selected input in no set: x3',
      '',
    ].join('\n'));
    const csv = await select('--sets', '--format', 'csv', '--threshold', '0.99', '--representatives', 'false');
    expect(csv.stdout).toBe('set,source,input,probability,purity,log_bayes_factor,pip,selected\n1,linear,x1,1,1,88.25,1,1\n' +
      '2,linear,"a, b",0.61,0.99,31.5,0.97,0\n2,linear,x4,0.37,0.99,31.5,0.02,0\n3,network,x1,1,1,,1,1\n');
    expect((await select('--sets', '--json')).stdout).toBe((await select('--json')).stdout);
    expect(await select('--sets', '--knockoffs')).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot be used with option/) as string });
  });

  it('--sets of a large set stays within 80 columns, and says what it leaves out', async () => {
    const members = Array.from({ length: 30 }, (_, at) => `1,linear,the cell count number ${at},0.032,0.02,9.75\n`).join('');
    writeRun(join(cwd, 'runs/a'), { 'inclusion/sets.csv': `${SETS.split('\n')[0]}\n${members}` });
    const { stdout } = await select('--sets');
    expect(stdout).toMatch(/^ +1 {2}\.\.\. 10 more$/m);
    expect(stdout).toMatch(/^3 selected inputs in no set: x1, a, b, x3$/m);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('--sets of a run without sets prints nothing but why', async () => {
    writeRun(join(cwd, 'runs/a'));
    expect(await select('--sets'))
      .toEqual({ code: 0, stdout: '', stderr: 'this run has no credible sets, because an earlier version of bnnc made it\n' });
    writeRun(join(cwd, 'runs/a'), { 'inclusion/sets.csv': `${SETS.split('\n')[0]}\n` });
    expect((await select('--sets')).stdout).toMatch(/^no credible sets\n/);
  });

  it('refuses sets that are not as bnnc wrote them', async () => {
    writeRun(join(cwd, 'runs/a'), { 'inclusion/sets.csv': SETS.replace('0.37', '1.37') });
    const { code, stderr } = await select('--json');
    expect(code).toBe(6);
    expect(stderr).toMatch(/sets\.csv: not as bnnc wrote it: set '2', input 'x4'/);
  });

  it('gives verdicts, and names the inputs on which the fits disagree, selected or not', async () => {
    writeRun(join(cwd, 'runs/a'), { 'inclusion/inputs.csv':
      'input,pip,pip_network,pip_min,pip_max,mc_se,linear,nonlinear,nonlinear_se,verdict,unstable\n' +
      'x1,1,1,1,1,0,0.25,0.75,0.01,nonlinear,false\nx2,0.01,0,0,1,0,0.01,0,0,zero,true\n' });
    const { stdout, stderr } = await select('--format', 'csv');
    expect(stdout).toContain('\n1,x1,1,1,1,1,0,0.25,0.75,0.01,nonlinear,false,false,0,');
    expect(stderr).toMatch(/^the fits disagree on x2 \(PIP 0\.00 to 1\.00\): another seed may select otherwise$/m);
    const document = JSON.parse((await select('--json')).stdout) as { selected: object[] };
    expect(document.selected).toMatchObject([{ input: 'x1', linear: 0.25, nonlinear: 0.75, verdict: 'nonlinear', unstable: false }]);
  });

  it('prints nothing and exits 0 when no input passes', async () => {
    writeRun(join(cwd, 'runs/a'), { 'inclusion/inputs.csv': 'input,pip,pip_network,pip_min,pip_max,mc_se\nx1,0.2,0,0,0.4,0\n' });
    const { code, stdout, stderr } = await bnnc(['select-features', 'runs/a'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^no input passes \(threshold 0\.5\); the largest PIP is 0\.2\. This does not show that no /);
    expect((await bnnc(['select-features', 'runs/a', '--quiet'], { cwd })).stderr).toBe('');
  });

  it('works in a pipe with xargs and head', async () => {
    writeRun(join(cwd, 'runs/a'));
    const line = `printf 'runs/a\\n' | xargs "${process.execPath}" "$BIN" select-features | head -1`;
    const { code, stdout, stderr } = await bash(line, { cwd, env: { BIN } });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'x1\n', stderr: '' });
  });
});

describe('which run is meant', () => {
  it('takes the newest complete one and says so', async () => {
    writeRun(join(cwd, 'runs/b-9'), {}, { finished: '2026-01-02T00:00:00.000Z' });
    writeRun(join(cwd, 'runs/b-10'), {}, { finished: '2026-01-03T00:00:00.000Z' });
    writeRun(join(cwd, 'runs/c'), {}, { finished: '2026-01-01T00:00:00.000Z' });
    mkdirSync(join(cwd, 'runs/unfinished/checkpoint'), { recursive: true });
    const { code, stdout, stderr } = await bnnc(['select-features', '--top', '1'], { cwd });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'x1\n', stderr: 'using runs/b-10, the newest run\n' });
  });

  it.each<[string, string | undefined, (folder: string) => void, RegExp]>([
    ['no run at all', undefined, () => {}, /there is no complete run in runs\/\. .*bnnc train/],
    ['no such run', 'runs/zzz', () => {}, /^runs\/zzz: no such run\. Check the path\./],
    ['an interrupted run', 'runs/a', (folder) => {
      rmSync(join(folder, 'manifest.json'));
      mkdirSync(join(folder, 'checkpoint'));
      writeFileSync(join(folder, 'checkpoint/state.json'), 'x');
    }, /interrupted .*bnnc train --resume runs\/a/],
    ['a killed run', 'runs/a', (folder) => rmSync(join(folder, 'manifest.json')), /incomplete/],
    ['something else', 'runs', () => {}, /not the folder of a run/],
    ['a file', 'runs/a/manifest.json', () => {}, /not the folder of a run/],
    ['another version', 'runs/a', (folder) => writeRun(folder, {}, { schemaVersion: 2, bnnc: '9.0.0' }),
      /^runs\/a\/manifest\.json: written by bnnc 9\.0\.0 in format 2; .* Use the version/],
    ['a cut file', 'runs/a', (folder) => writeFileSync(join(folder, 'inclusion/inputs.csv'), 'input'), /has 5 bytes instead of/],
    ['a lost file', 'runs/a', (folder) => rmSync(join(folder, 'inclusion/inputs.csv')), /inputs\.csv: the file is missing/],
    ['a broken manifest', 'runs/a', (folder) => writeFileSync(join(folder, 'manifest.json'), '{"a":'), /not valid JSON/],
  ])('%s is told with exit code 6', async (_name, path, change, text) => {
    if (path !== undefined) writeRun(join(cwd, 'runs/a'));
    change(join(cwd, 'runs/a'));
    const { code, stdout, stderr } = await bnnc(['select-features', ...(path ? [path] : [])], { cwd });
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toMatch(text);
    expect(stderr).not.toMatch(/internal fault/);
  });

  it('refuses PIPs that are no probabilities', async () => {
    writeRun(join(cwd, 'runs/a'), { 'inclusion/inputs.csv': 'input,pip,pip_network,pip_min,pip_max,mc_se\nx1,1.2,1,0,1,0\n' });
    const { code, stderr } = await bnnc(['select-features', 'runs/a'], { cwd });
    expect(code).toBe(6);
    expect(stderr).toMatch(/inputs\.csv: not as bnnc wrote it: input 'x1'/);
  });

  it('leaves the run as it is', async () => {
    writeRun(join(cwd, 'runs/a'));
    appendFileSync(join(cwd, 'runs/a/manifest.json'), '\n');
    const before = readFileSync(join(cwd, 'runs/a/manifest.json'), 'utf8');
    await bnnc(['select-features', 'runs/a'], { cwd });
    expect(readFileSync(join(cwd, 'runs/a/manifest.json'), 'utf8')).toBe(before);
  });
});
