import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/jobs/abort.js';
import type { Runner } from '../../../src/jobs/runner.js';
import { fitJobs } from '../../../src/train/fits.js';
import type { FitSettings } from '../../../src/train/types.js';
import { fitAndAssess, type Fitting } from '../../../src/work/fitting.js';
import type { TrainTasks } from '../../../src/work/tasks.js';
import { smallShape } from '../../helpers/worlds.js';

/** What a candidate comes to: a bound, and the PIP of the one input. */
type Outcomes = Record<string, [bound: number, pip: number]>;

const settings = { shape: smallShape('both', 'regression', 'silu', [2]), epochs: 10 } as unknown as FitSettings;
const jobs = fitJobs(settings, { gates: 'both', restarts: 'auto', reference: true, skip: true })
  // Where a fit begins is another matter.
  .map(({ beside: _, ...job }) => job);

interface Made {
  fits: string[];
  rescued: string[];
  names: string[];
  bounds: number[];
  progress: number[][];
}

/** Fits that are done at once and come to what is said; candidates of which nothing is said come to little. */
async function made(outcomes: Outcomes, fault?: string, own: Partial<Fitting> = {}): Promise<Made> {
  const [fits, rescued, progress]: [string[], string[], number[][]] = [[], [], []];
  const run = async (kind: string, task: { stream: unknown[]; options?: { rescues: number } }): Promise<unknown> => {
    if (kind === 'fit') {
      const { name } = jobs.find((job) => (job.stream ?? job.name) === task.stream[2])!;
      fits.push(name);
      if (name === fault) throw new Interrupted();
      return { done: true, state: { step: 1, history: [] }, posterior: { name } };
    }
    const { name } = (task as unknown as { posterior: { name: string } }).posterior;
    const [bound, pip] = outcomes[name] ?? [-1000, 0];
    if (task.options!.rescues > 0) rescued.push(name);
    const inputs = Float64Array.of(pip);
    const elbo = { elbo: bound };
    return { bound, elbo, visited: [{ elbo: bound, inputs }], inclusion: { weights: [], nodes: [], inputs } };
  };
  const fitting = {
    runner: { size: 1, run, close: async () => {} } as unknown as Runner<TrainTasks>, jobs, from: [], save: async () => {},
    config: { train: { seed: 1 }, inclusion: { rescues: 'auto' }, search: { steps: 0 } }, prepared: { plan: { epochs: 10 } },
    onProgress: ({ phase, restart, restarts, epoch }: { phase: string; restart: number; restarts: number; epoch: number }) => {
      if (phase === 'inclusion') progress.push([restart, restarts, epoch]);
    },
    ...own,
  } as unknown as Fitting;
  const { jobs: kept, assessed } = await fitAndAssess(fitting);
  return { fits, rescued, names: kept.map(({ name }) => name), bounds: assessed.map(({ bound }) => bound), progress };
}

const LINEAR: Outcomes = { 'linear': [-50, 0.9], 'linear, edge gates': [-51, 0.9], 'linear, edges first': [-51, 0.9] };

describe('the number of candidates', () => {
  it('is two where they add nothing to the linear fits', async () => {
    const { names, bounds, rescued, progress } = await made({ ...LINEAR, 'half-open': [-60, 0.9], 'two-stage': [-49.5, 0.85] });
    expect(names).toEqual(['linear', 'linear, edge gates', 'linear, edges first', 'half-open', 'two-stage', 'reference']);
    expect(bounds).toEqual([-50, -51, -51, -60, -49.5]);
    expect(rescued).toEqual(['linear', 'linear, edge gates', 'linear, edges first', 'two-stage']);
    expect(progress.map(([, restarts]) => restarts)).toEqual([5, 5, 5, 5, 5]);
  });

  it('grows as long as the last two raise the bound', async () => {
    const better: Outcomes = { ...LINEAR, 'half-open': [-40, 0.9], 'dense': [-30, 0.9], 'sparse': [-60, 0.9] };
    expect((await made(better)).names).toEqual([
      'linear', 'linear, edge gates', 'linear, edges first', 'half-open', 'two-stage', 'dense', 'sparse', 'half-open 2', 'two-stage 2', 'reference',
    ]);
    const same = await made({ ...better, 'dense': [-39.5, 0.9] });
    expect(same.names).not.toContain('half-open 2');
    expect(same.rescued).toEqual(['linear', 'linear, edge gates', 'linear, edges first', 'dense']);
    expect(same.progress.at(-1)).toEqual([7, 7, 7]);
  });

  it('grows where a PIP moves', async () => {
    expect((await made({ ...LINEAR, 'half-open': [-50, 0.2] })).names).toContain('dense');
    expect((await made({ ...LINEAR, 'half-open': [-58, 0.2] })).names).not.toContain('dense');
  });

  it('has an end', async () => {
    const names = ['half-open', 'two-stage', 'dense', 'sparse'].flatMap((kind, at) => [[kind, at], [`${kind} 2`, at + 4]] as const);
    const rising = Object.fromEntries<[number, number]>(names.map(([name, at]) => [name, [-40 + 2 * at, 0.9]]));
    expect((await made({ ...LINEAR, ...rising })).names).toHaveLength(3 + 8 + 1);
  });

  it('stops with the first that was stopped', async () => {
    await expect(made(LINEAR, 'reference')).rejects.toThrow(Interrupted);
    await expect(made(LINEAR, 'linear')).rejects.toThrow(Interrupted);
  });
});

describe('fits before a search', () => {
  const config = { train: { seed: 1 }, inclusion: { rescues: 'auto' }, search: { steps: 'auto' } } as unknown as Fitting['config'];
  const few = fitJobs(settings, { gates: 'both', restarts: 1, reference: true, skip: true, linear: false });

  it('are one start and the reference, and are not rescued unless that is asked for', async () => {
    const { names, rescued } = await made({}, undefined, { config, jobs: few });
    expect(names).toEqual(['half-open', 'reference']);
    expect(rescued).toEqual([]);
    const asked = { ...config, inclusion: { ...config.inclusion, rescues: 1 } };
    expect((await made({}, undefined, { config: asked, jobs: few })).rescued).toEqual(['half-open']);
  });
});
