/** The recipes of docs/clusters.md are run as they stand, each where its program is to be had. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { yesNoTable } from '../helpers/yes-no-table.js';
import { BIN, ROOT, temporaryFolder } from './program.js';
import { fencedBlocks } from './transcript.js';

const page = readFileSync(join(ROOT, 'docs/clusters.md'), 'utf8');
const section = (title: string): string => page.split(`\n## ${title}\n`)[1].split('\n## ')[0];
const there = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
/** Folder with snakemake and kubernetes-validate. */
const TOOLS = process.env.BNNC_RECIPES;
const known = (program: string): boolean => there('sh', '-c', `command -v ${program}`);
const hasSlurm = ['slurmctld', 'slurmd', 'sbatch'].every(known) && process.getuid?.() === 0;
if (TOOLS === undefined) console.info('recipes of Snakemake and Kubernetes are skipped: BNNC_RECIPES does not say where their programs are');
if (!hasSlurm) console.info('the recipe of SLURM is skipped: there is no slurmctld, slurmd and sbatch that we may start');

let cwd: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  cwd = temporaryFolder();
  writeFileSync(join(cwd, 'data.csv'), yesNoTable());
  writeFileSync(join(cwd, 'bnnc.yaml'), JSON.stringify({
    data: { path: 'data.csv', target: 'y' }, model: { hidden: [4] }, train: { restarts: 1, epochs: 20, reference: false },
    search: { steps: 0 }, inclusion: { draws: 4, rescues: 0 },
  }));
  writeFileSync(join(cwd, 'bnnc'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(join(cwd, 'bnnc'), 0o755);
  env = { ...process.env, PATH: `${cwd}:${TOOLS ?? ''}:${process.env.PATH}` };
});

function runs(program: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', env });
  expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
}
/** Four folds are enough for four shards. */
const shorter = (recipe: string): string => recipe.replace('--folds 10', '--folds 4');
const foldsOf = (file: string): number => (JSON.parse(readFileSync(join(cwd, file), 'utf8')) as { folds: unknown[] }).folds.length;

describe('the recipe of docs/clusters.md', () => {
  it.skipIf(!there('parallel', '--version'))('for GNU parallel', () => {
    runs('bash', '-e', '-c', shorter(fencedBlocks(section('GNU parallel'), 'bash')[0]));
    expect(foldsOf('cv.json')).toBe(4);
  });

  it.skipIf(TOOLS === undefined)('for Snakemake', () => {
    writeFileSync(join(cwd, 'Snakefile'), shorter(fencedBlocks(section('Snakemake'), 'python')[0]));
    runs('snakemake', '--cores', '2', '--quiet', 'all');
    expect(foldsOf('cv.json')).toBe(4);
  });

  it.skipIf(TOOLS === undefined)('for Kubernetes follows the schema of a Job', () => {
    const [job] = fencedBlocks(section('Kubernetes'), 'yaml');
    const check = (text: string): string => {
      writeFileSync(join(cwd, 'job.yaml'), text);
      const { stdout, stderr } = spawnSync('kubernetes-validate', ['--strict', 'job.yaml'], { cwd, encoding: 'utf8', env });
      return stdout + stderr;
    };
    expect(check(job)).toMatch(/job\.yaml passed for resource job\/bnnc-work/);
    expect(check(job.replace('completionMode:', 'completionMood:'))).toMatch(/did not validate/);
  });
});

describe.skipIf(!hasSlurm)('the recipe of docs/clusters.md for SLURM', () => {
  const servers: ChildProcess[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('close', resolve));
    }
  });

  it('runs on a cluster of one node', async () => {
    const [work, submit] = fencedBlocks(section('SLURM'), 'bash');
    // The recipe has eight tasks; two are enough for the 2 cores that there may be.
    writeFileSync(join(cwd, 'work.sh'), work.replace('--array=1-8', '--array=1-2'));
    const [control, node] = [20_000 + (process.pid % 10_000), 30_000 + (process.pid % 10_000)];
    const slurm = join(cwd, 'slurm');
    mkdirSync(join(slurm, 'state'), { recursive: true });
    const host = hostname().split('.')[0];
    writeFileSync(join(slurm, 'slurm.conf'), `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
AuthType=auth/none
CredType=cred/none
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${slurm}/state
SlurmdSpoolDir=${slurm}/spool
SlurmctldPidFile=${slurm}/control.pid
SlurmdPidFile=${slurm}/node.pid
SlurmctldPort=${control}
SlurmdPort=${node}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MpiDefault=none
NodeName=${host} NodeAddr=127.0.0.1 CPUs=4
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`);
    env = { ...env, SLURM_CONF: join(slurm, 'slurm.conf') };
    for (const program of ['slurmctld', 'slurmd']) servers.push(spawn(program, ['-D'], { cwd: slurm, env, stdio: 'ignore' }));
    await vi.waitFor(() => expect(spawnSync('sinfo', ['-h', '-o', '%t'], { env, encoding: 'utf8' }).stdout).toContain('idle'), { timeout: 30_000, interval: 300 });
    runs('bash', '-e', '-c', submit);
    const said = (): string => spawnSync('bash', ['-c', 'tail -n 20 slurm-*.out'], { cwd, encoding: 'utf8' }).stdout;
    await vi.waitFor(() => expect({ there: existsSync(join(cwd, 'runs/a/manifest.json')), said: said() }).toMatchObject({ there: true }), { timeout: 120_000, interval: 500 });
  }, 180_000);
});
