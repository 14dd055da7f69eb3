/** The fits of a run and the assessments of its restarts, as many at once as the workers does. */
import type { Config } from '../config/schema.js';
import type { Assessment } from '../inference/gates/assess.js';
import type { Restart } from '../inference/rescue/rescue.js';
import type { FitResult, FitState } from '../train/types.js';
import { isReference, type FitJob } from '../train/fits.js';
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

  const fits = jobs.map(async ({ name, settings }, j): Promise<FitResult> => {
    const from = states[j] ?? undefined;
    const task = { data, settings, stream: [train.seed, 'fit', name] as [number, ...string[]], from };
    const result = await runner.run('fit', task, (row) => tell.row(j, row));
    states[j] = result.state;
    if (!result.done) throw new Interrupted();
    fitsDone = new Date();
    // A fit that was complete before has not moved.
    if (result.state.step !== from?.step) await saving();
    return result;
  });
  const assessments = fits.slice(0, restartsOf(jobs)).map(async (fit, r): Promise<Restart> => {
    const { posterior } = await fit;
    const assessment = await runner.run('assess', {
      data, posterior, settings: jobs[r].settings, options: inclusion, stream: [train.seed, 'assess', r],
    });
    // The fits are in the checkpoint: only this is done again.
    if (!assessment) throw new Interrupted();
    tell.assessed(r, assessment);
    return assessment;
  });

  const fault = firstFault(await Promise.allSettled([...fits, ...assessments]));
  if (fault instanceof Interrupted) await saving();
  if (fault !== undefined) throw fault;
  const results = await Promise.all(fits);
  return {
    states: results.map(({ state }) => state), posteriors: results.map(({ posterior }) => posterior),
    assessed: await Promise.all(assessments), fitsDone,
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
