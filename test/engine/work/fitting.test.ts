import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { fitAndAssess, type Fitted, type Fitting, type FitStates } from '../../../src/work/fitting.js';
import { localRunner } from '../../../src/jobs/runner.js';
import { handlers } from '../../../src/work/handlers.js';
import type { TrainTasks } from '../../../src/work/tasks.js';
import { Stream } from '../../../src/random.js';
import { fitJobs } from '../../../src/train/fits.js';
import type { FitSettings } from '../../../src/train/types.js';
import type { PhaseProgress } from '../../../src/progress.js';
import { smallShape } from '../../helpers/worlds.js';

beforeAll(() => startEngine());

const ROWS = 20;
const stream = Stream.fromSeed('fitting');
const fitData = {
  x: { rows: ROWS, cols: 3, data: stream.normals(3 * ROWS) },
  y: { rows: ROWS, cols: 1, data: stream.normals(ROWS) },
};
const settings: FitSettings = {
  shape: smallShape('both', 'regression', 'silu', [2]), epochs: 100, batch: ROWS, learningRate: 0.01, gateLearningRate: 5,
  prior: { inclusion: 'auto', slabScale: 'auto' },
};
const config = { train: { seed: 1, restarts: 2 }, inclusion: { flips: 1, draws: 4, samples: 50 } } as Fitting['config'];

interface Outcome {
  fitted?: Fitted;
  error?: unknown;
  saved: FitStates[];
  progress: PhaseProgress[];
}

/** Does the fits; `stopAt` aborts at that row of that fit. */
async function go(from: FitStates = [], stopAt?: { job: number; epoch: number }, learningRate = 0.01): Promise<Outcome> {
  const stop = new AbortController();
  const outcome: Outcome = { saved: [], progress: [] };
  const fitting: Fitting = {
    runner: localRunner<TrainTasks>(handlers, stop.signal), config, from, jobs: fitJobs({ ...settings, learningRate }, { gates: 'both', restarts: 2, reference: true }),
    prepared: { fitData },
    save: async (states) => { outcome.saved.push(structuredClone(states)); },
    onProgress: (progress) => {
      outcome.progress.push(progress);
      if (stopAt && progress.fits[stopAt.job] === stopAt.epoch) stop.abort();
    },
  };
  await fitAndAssess(fitting).then((fitted) => { outcome.fitted = fitted; }, (error: unknown) => { outcome.error = error; });
  return outcome;
}

const begun = (states: FitStates): (number | null)[] => states.map((state) => state && state.step);

describe('the fits of a run and their assessments', () => {
  it('start apart from one another and are kept as each is done', async () => {
    const { fitted, saved } = await go();
    expect(saved.map(begun)).toEqual([[100, null, null], [100, 100, null], [100, 100, 100]]);
    expect(fitted!.posteriors.map(({ gates }) => gates)).toEqual(['both', 'both', 'none']);
    expect(fitted!.states[0].theta).not.toEqual(fitted!.states[1].theta);
    expect(fitted!.assessed).toHaveLength(2);
  });

  it('tell the whole: the epochs of every fit, then the restarts that are finished', async () => {
    const { progress } = await go();
    expect(progress.map(({ phase, restart, epoch, fits }) => [phase, restart, epoch, ...fits])).toEqual([
      ['restart', 1, 50, 50, 0, 0], ['restart', 1, 100, 100, 0, 0], ['restart', 2, 50, 100, 50, 0], ['restart', 2, 100, 100, 100, 0],
      ['reference', 2, 50, 100, 100, 50], ['reference', 2, 100, 100, 100, 100],
      ['inclusion', 1, 1, 100, 100, 100], ['inclusion', 2, 2, 100, 100, 100],
    ]);
  });

  it.each([[0, [50, null, null]], [1, [100, 50, null]], [2, [100, 100, 50]]])(
    'interrupted in fit %i save what there is and go on to the same bytes', async (job, steps) => {
      const whole = await go();
      const stopped = await go([], { job, epoch: 50 });
      expect(stopped.error).toMatchObject({ problems: [{ code: 'interrupted.stopped' }] });
      expect(begun(stopped.saved.at(-1)!)).toEqual(steps);
      const { fitsDone: _, ...expected } = whole.fitted!;
      expect((await go(stopped.saved.at(-1))).fitted).toMatchObject(expected);
    });

  it('go on from any of them', async () => {
    const whole = await go();
    const { saved: [, both] } = await go();
    const resumed = await go([null, both[1], null]);
    expect(resumed.saved.map(begun)).toEqual([[100, 100, null], [100, 100, 100]]);
    expect(resumed.fitted!.states).toEqual(whole.fitted!.states);
  });

  it('fail as the first fit fails, and begin no other', async () => {
    const { error, saved, progress } = await go([], undefined, 1e6);
    expect(error).toMatchObject({ problems: [{ code: 'training.non-finite' }] });
    expect({ saved, progress }).toEqual({ saved: [], progress: [] });
  });
});
