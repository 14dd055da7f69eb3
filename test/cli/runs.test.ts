import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { bash, BIN, bnnc, temporaryFolder, writeRun } from './program.js';

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
    expect(csv.stdout).toBe('rank,input,pip,pip_network,pip_min,pip_max,mc_se,fdr,stand_ins\n1,x1,1,1,1,1,0,0,\n' +
      `2,"a, b",0.97,0.98,0.4,0.99,0.001,${(1 - 0.97) / 2},\n`);
    expect(csv.stderr).toBe('this run has no list of possible substitutes, because an earlier version of bnnc made it\n');
    const document = JSON.parse((await bnnc(['select-features', 'runs/a', '--json'], { cwd })).stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ schemaVersion: 1, run: 'runs/a', rule: { threshold: 0.5 }, candidates: 4 });
    expect(document.selected).toMatchObject([{ rank: 1, input: 'x1' }, { rank: 2, input: 'a, b', pipMin: 0.4 }, { rank: 3 }]);
  });

  it('lists possible substitutes of a selected input; names stay names', async () => {
    const standIns = 'input,other,correlation\n"a, b",x4,-0.91\n"a, b",x3,0.75\nx3,x4,0.7\n';
    writeRun(join(cwd, 'runs/a'), { 'inclusion/stand-ins.csv': standIns });
    const select = (...rest: string[]) => bnnc(['select-features', 'runs/a', '--top', '2', ...rest], { cwd });
    expect(await select()).toEqual({ code: 0, stdout: 'x1\na, b\n', stderr: '' });
    const csv = await select('--format', 'csv');
    expect(csv.stderr).toBe('');
    expect(csv.stdout).toContain('1,x1,1,1,1,1,0,0,\n');
    expect(csv.stdout).toMatch(/^2,"a, b",.*,"x4 \(-0\.910\), x3 \(0\.750\)"$/m);
    const document = JSON.parse((await select('--json')).stdout) as { selected: object[] };
    expect(document.selected).toMatchObject([
      { input: 'x1', standIns: [] }, { input: 'a, b', standIns: [{ input: 'x4', correlation: -0.91 }, { input: 'x3', correlation: 0.75 }] },
    ]);
  });

  it('refuses a list of stand-ins that is not as bnnc wrote it', async () => {
    writeRun(join(cwd, 'runs/a'), { 'inclusion/stand-ins.csv': 'input,other,correlation\nx1,x3,1.5\n' });
    const { code, stderr } = await bnnc(['select-features', 'runs/a', '--json'], { cwd });
    expect(code).toBe(6);
    expect(stderr).toMatch(/stand-ins\.csv: not as bnnc wrote it: input 'x1', other 'x3': 1\.5 is not a correlation/);
  });

  it('prints nothing and exits 0 when no input passes', async () => {
    writeRun(join(cwd, 'runs/a'), { 'inclusion/inputs.csv': 'input,pip,pip_network,pip_min,pip_max,mc_se\nx1,0.2,0,0,1,0\n' });
    const { code, stdout, stderr } = await bnnc(['select-features', 'runs/a'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('no input passes (threshold 0.5); the largest PIP is 0.2\n');
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
