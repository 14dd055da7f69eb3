/** The fits of a run and the assessments of its restarts, as many at once as the workers does. */
import type { Config } from '../config/schema.js';
import type { Assessment } from '../inference/gates/assess.js';
import type { Restart } from '../inference/rescue/rescue.js';
import { Stream } from '../random.js';
import type { FitResult, FitSettings, FitState } from '../train/types.js';
import { besideLinear } from '../train/candidates.js';
import { isLinear, isReference, type FitJob } from '../train/fits.js';
import type { HistoryRow } from '../train/history.js';
import type { Posterior, TrainProgress } from '../types.js';
import { Interrupted } from '../jobs/abort.js';
import type { Runner } from '../jobs/runner.js';
import type { TrainTasks } from './tasks.js';
import type { Prepared } from './prepare.js';

/** States by job; null: not begun. */
export type FitStates = (FitState | null)[];

export interface Fitting {
  runner: Runner<TrainTasks>;
  config: Pick<Config, 'train' | 'inclusion'>;
  prepared: Pick<Prepared, 'fitData' | 'plan'>;
  jobs: readonly FitJob[];
  /** What to go on from. */
  from: FitStates;
  /** Keeps the states of finished fits and of those that were interrupted; never called again before it is done. */
  save(states: FitStates): Promise<void>;
  onProgress?: ((progress: TrainProgress) => void) | undefined;
}

export interface Fitted {
  /** By job. */
  states: FitState[];
  posteriors: Posterior[];
  /** By restart. */
  assessed: Restart[];
  /** When the last fit was done. */
  fitsDone: Date;
}

/**
 * Makes all fits; each restart is assessed when its fit is done and no other waits to begin. What comes out is the same
 * whatever the order.
 * @throws interrupted.stopped after the states were saved; training.non-finite, training.worker
 */
export async function fitAndAssess(fitting: Fitting): Promise<Fitted> {
  const { runner, config: { train, inclusion }, prepared: { fitData: data }, jobs, save } = fitting;
  const states = jobs.map((_, j) => fitting.from[j] ?? null);
  const tell = progressTeller(fitting, states);
  let saved = Promise.resolve();
  const saving = (): Promise<void> => (saved = saved.then(() => save([...states])));
  let fitsDone = new Date();

  const fits: Promise<FitResult>[] = [];
  jobs.forEach((job, j) => fits.push(made(job, j)));
  async function made({ name, settings, beside }: FitJob, j: number): Promise<FitResult> {
    const from = states[j] ?? await startBeside(beside, settings, Stream.fromSeed(train.seed).split('beside', name));
    const task = { data, settings, stream: [train.seed, 'fit', name] as [number, ...string[]], from };
    const result = await runner.run('fit', task, (row) => tell.row(j, row));
    states[j] = result.state;
    if (!result.done) throw new Interrupted();
    fitsDone = new Date();
    // A fit that was complete before has not moved.
    if (result.state.step !== from?.step) await saving();
    return result;
  }
  /** The start of a fit that goes on from another one's end. */
  async function startBeside(name: string | undefined, settings: FitSettings, stream: Stream): Promise<FitState | undefined> {
    if (name === undefined) return undefined;
    const { posterior } = await fits[jobs.findIndex((job) => job.name === name)];
    return besideLinear(posterior, settings, stream);
  }
  const assess = async (r: number, rescues: number): Promise<Restart> => {
    const { posterior } = await fits[r];
    const options = { ...inclusion, rescues: Math.min(rescues, inclusion.rescues) };
    const assessment = await runner.run('assess', {
      data, posterior, settings: jobs[r].settings, options, stream: [train.seed, 'assess', r],
    });
    // The fits are in the checkpoint: only this is done again.
    if (!assessment) throw new Interrupted();
    return assessment;
  };
  // Rescues take as long as the fits. Of candidates only the best hidden one is worth them, and the linear ones cost little.
  const several = jobs.some(isLinear);
  const assessments = jobs.slice(0, restartsOf(jobs)).map(async (job, r): Promise<Restart> => {
    const assessment = await assess(r, several && !isLinear(job) ? 0 : Infinity);
    tell.assessed(r, assessment);
    return assessment;
  });
  const finished = Promise.all(assessments).then(async (all): Promise<Restart[]> => {
    if (!several || inclusion.rescues === 0) return all;
    const hidden = [...all.keys()].filter((r) => !isLinear(jobs[r]));
    const best = hidden.reduce((top, r) => (all[r].bound > all[top].bound ? r : top), hidden[0]);
    const rescued = await assess(best, Infinity);
    return all.map((assessment, r) => (r === best ? rescued : assessment));
  });

  const fault = firstFault(await Promise.allSettled([...fits, ...assessments, finished]));
  if (fault instanceof Interrupted) await saving();
  if (fault !== undefined) throw fault;
  const results = await Promise.all(fits);
  return {
    states: results.map(({ state }) => state), posteriors: results.map(({ posterior }) => posterior),
    assessed: await finished, fitsDone,
  };
}

/** How many of the jobs are restarts: all but the reference. */
const restartsOf = (jobs: readonly FitJob[]): number => jobs.filter((job) => !isReference(job)).length;

/** The first failure in the order of the tasks; that somebody stopped the work only when nothing else went wrong. */
function firstFault(settled: readonly PromiseSettledResult<unknown>[]): Error | undefined {
  const reasons = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  return reasons.find((reason) => !(reason instanceof Interrupted)) ?? reasons[0];
}

interface Teller {
  row(job: number, row: HistoryRow): void;
  assessed(restart: number, assessment: Assessment): void;
}

function progressTeller(fitting: Fitting, states: FitStates): Teller {
  const { runner, prepared: { plan }, jobs, onProgress } = fitting;
  const restarts = restartsOf(jobs);
  const last = (state: FitState | null): number => state?.history[state.history.length - 1]?.epoch ?? 0;
  const fits = states.map(last);
  let assessed = 0;
  const common = (job: number): Pick<TrainProgress, 'restart' | 'restarts' | 'fits' | 'atOnce'> =>
    ({ restart: Math.min(job + 1, restarts), restarts, fits: [...fits], atOnce: runner.size });
  return {
    row(job, { epoch, elbo, active }) {
      fits[job] = epoch;
      const phase = isReference(jobs[job]) ? 'reference' : 'restart';
      onProgress?.({ phase, ...common(job), epoch, epochs: plan.epochs, elbo, active });
    },
    assessed(restart, { elbo: { elbo }, inclusion: { weights, nodes, inputs } }) {
      const active = { weights: total(weights), nodes: total(nodes), inputs: total([inputs]) };
      onProgress?.({ phase: 'inclusion', ...common(restart), epoch: ++assessed, epochs: restarts, elbo, active });
    },
  };
}

const total = (layers: ArrayLike<number>[]): number =>
  layers.reduce((sum, layer) => sum + Array.from(layer).reduce((inner, value) => inner + value, 0), 0);
