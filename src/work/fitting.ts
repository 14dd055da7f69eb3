/** The fits of a run and the assessments of its restarts, as many at once as the workers does. */
import type { Config } from '../config/schema.js';
import type { Assessment } from '../inference/gates/assess.js';
import { changesAnswer } from '../inference/inclusion/change.js';
import type { Restart } from '../inference/rescue/rescue.js';
import { Stream } from '../random.js';
import type { FitResult, FitSettings, FitState } from '../train/types.js';
import { besideLinear } from '../train/candidates.js';
import { isLinear, isReference, type FitJob } from '../train/fits.js';
import type { HistoryRow } from '../train/history.js';
import type { PhaseProgress } from '../progress.js';
import type { Posterior } from '../types.js';
import { Interrupted } from '../jobs/abort.js';
import type { Runner } from '../jobs/runner.js';
import { fitShards } from './shards.js';
import type { TrainTasks } from './tasks.js';
import type { Prepared } from './prepare.js';

/** States by job; null: not begun. */
export type FitStates = (FitState | null)[];

export interface Fitting {
  runner: Runner<TrainTasks>;
  config: Pick<Config, 'train' | 'inclusion' | 'search'>;
  prepared: Pick<Prepared, 'fitData'>;
  jobs: readonly FitJob[];
  /** What to go on from. */
  from: FitStates;
  /** Keeps the states of finished fits and of those that were interrupted; never called again before it is done. */
  save(states: FitStates): Promise<void>;
  onProgress?: ((progress: PhaseProgress) => void) | undefined;
}

/** Passes of `inclusion.rescues: auto`, where no search follows. */
const RESCUES = 3;

export interface Fitted {
  /** Those that were made. */
  jobs: FitJob[];
  /** By made job. */
  states: FitState[];
  posteriors: Posterior[];
  /** By restart. */
  assessed: Restart[];
  /** When the last fit was done. */
  fitsDone: Date;
}

/**
 * Makes the fits, wave by wave as long as they change the answer; each restart is assessed when its fit is done and no other
 * waits to begin. What comes out is the same whatever the order.
 * @throws interrupted.stopped after the states were saved; training.non-finite, training.worker
 */
export async function fitAndAssess(fitting: Fitting): Promise<Fitted> {
  const { runner, config: { train, inclusion, search }, prepared: { fitData: data }, jobs, save } = fitting;
  const states = jobs.map((_, j) => fitting.from[j] ?? null);
  const mostRescues = inclusion.rescues === 'auto' ? (search.steps === 0 ? RESCUES : 0) : inclusion.rescues;
  const tell = progressTeller(fitting, states);
  let saved = Promise.resolve();
  const saving = (): Promise<void> => (saved = saved.then(() => save([...states])));
  let fitsDone = new Date();

  /** By job, of those that were begun. */
  const fits = new Map<number, Promise<FitResult>>();
  const assessments = new Map<number, Promise<Restart>>();
  async function made({ name, stream = name, settings, beside }: FitJob, j: number): Promise<FitResult> {
    const from = states[j] ?? await startBeside(beside, settings, Stream.fromSeed(train.seed).split('beside', name));
    const task = { data, settings, stream: [train.seed, 'fit', stream] as [number, ...string[]], from };
    const onRow = (row: HistoryRow): void => tell.row(j, row);
    const onJoin = (state: FitState): Promise<void> => {
      states[j] = state;
      return saving();
    };
    const result = await (train.partitions > 1 ? fitShards(runner, task, train, { onRow, onJoin }) : runner.run('fit', task, onRow));
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
    const { posterior } = await fits.get(jobs.findIndex((job) => job.name === name))!;
    return besideLinear(posterior, settings, stream);
  }
  const assess = async (j: number, rescues: number): Promise<Restart> => {
    const { posterior } = await fits.get(j)!;
    const { name, stream = name, settings } = jobs[j];
    const options = { ...inclusion, rescues: Math.min(rescues, mostRescues) };
    const assessment = await runner.run('assess', {
      data, posterior, settings, options, stream: [train.seed, 'assess', stream],
    });
    // The fits are in the checkpoint: only this is done again.
    if (!assessment) throw new Interrupted();
    return assessment;
  };
  // Rescues take as long as the fits. Of candidates only the best hidden one is worth them, and the linear ones cost little.
  const several = jobs.some(isLinear);
  const begin = (wave: number): void => {
    const begun = [...jobs.keys()].filter((j) => waveOf(jobs[j]) === wave);
    tell.begun(begun);
    for (const j of begun) fits.set(j, heard(made(jobs[j], j)));
    for (const j of begun.filter((each) => !isReference(jobs[each]))) {
      assessments.set(j, heard(assess(j, several && !isLinear(jobs[j]) ? 0 : Infinity).then((assessment) => {
        tell.assessed(j, assessment);
        return assessment;
      })));
    }
  };
  const known = async (): Promise<Map<number, Restart>> =>
    new Map(await Promise.all([...assessments].map(async ([j, assessment]) => [j, await assessment] as const)));
  const waves = async (): Promise<Map<number, Restart>> => {
    begin(0);
    for (let wave = 0; ; wave++) {
      const all = await known();
      if (!jobs.some((job) => waveOf(job) > wave) || !waveChanges(all, jobs, wave)) return all;
      begin(wave + 1);
    }
  };
  const finished = waves().then(async (all): Promise<Map<number, Restart>> => {
    const hidden = [...all.keys()].filter((j) => !isLinear(jobs[j]));
    if (!several || mostRescues === 0 || hidden.length === 0) return all;
    const best = hidden.reduce((top, j) => (all.get(j)!.bound > all.get(top)!.bound ? j : top));
    return all.set(best, await assess(best, Infinity));
  });

  await heard(finished).catch(() => {});
  const fault = firstFault(await Promise.allSettled([...inOrder(fits), ...inOrder(assessments), finished]));
  if (fault instanceof Interrupted) await saving();
  if (fault !== undefined) throw fault;
  const results = await Promise.all(inOrder(fits));
  return {
    jobs: jobs.filter((_, j) => fits.has(j)), states: results.map(({ state }) => state),
    posteriors: results.map(({ posterior }) => posterior), assessed: inOrder(await finished), fitsDone,
  };
}

/** A promise whose failure is told later, together with the others'. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

const waveOf = ({ wave = 0 }: FitJob): number => wave;

const inOrder = <T>(byJob: ReadonlyMap<number, T>): T[] => [...byJob].sort(([a], [b]) => a - b).map(([, value]) => value);

/** Whether the candidates of a wave say other than those before them, which are at first the linear fits. */
function waveChanges(all: ReadonlyMap<number, Restart>, jobs: readonly FitJob[], wave: number): boolean {
  const isAdded = (j: number): boolean => waveOf(jobs[j]) === wave && !isLinear(jobs[j]);
  const those = (which: boolean): Restart[] => [...all].filter(([j]) => isAdded(j) === which).map(([, restart]) => restart);
  const [added, before] = [those(true), those(false)];
  return changesAnswer(before, added);
}

/** The first failure in the order of the tasks; that somebody stopped the work only when nothing else went wrong. */
function firstFault(settled: readonly PromiseSettledResult<unknown>[]): Error | undefined {
  const reasons = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  return reasons.find((reason) => !(reason instanceof Interrupted)) ?? reasons[0];
}

interface Teller {
  /** Jobs of a new wave. */
  begun(jobs: readonly number[]): void;
  row(job: number, row: HistoryRow): void;
  assessed(job: number, assessment: Assessment): void;
}

function progressTeller({ runner, jobs, onProgress }: Fitting, states: FitStates): Teller {
  const last = (state: FitState | null): number => state?.history[state.history.length - 1]?.epoch ?? 0;
  const fits = new Map<number, number>();
  const epochs = Math.max(...jobs.map(({ settings }) => settings.epochs));
  let assessed = 0;
  const restarts = (): number[] => [...fits.keys()].filter((j) => !isReference(jobs[j])).sort((a, b) => a - b);
  const common = (job: number): Pick<PhaseProgress, 'restart' | 'restarts' | 'fits' | 'atOnce'> => {
    const all = restarts();
    const at = all.indexOf(job);
    return { restart: at < 0 ? all.length : at + 1, restarts: all.length, fits: inOrder(fits), atOnce: runner.size };
  };
  return {
    begun(wave) {
      for (const j of wave) fits.set(j, last(states[j]));
    },
    row(job, { epoch, elbo, active }) {
      fits.set(job, epoch);
      const phase = isReference(jobs[job]) ? 'reference' : 'restart';
      onProgress?.({ phase, ...common(job), epoch, epochs, elbo, active });
    },
    assessed(job, { elbo: { elbo }, inclusion: { weights, nodes, inputs } }) {
      const active = { weights: total(weights), nodes: total(nodes), inputs: total([inputs]) };
      onProgress?.({ phase: 'inclusion', ...common(job), epoch: ++assessed, epochs: restarts().length, elbo, active });
    },
  };
}

const total = (layers: ArrayLike<number>[]): number =>
  layers.reduce((sum, layer) => sum + Array.from(layer).reduce((inner, value) => inner + value, 0), 0);
