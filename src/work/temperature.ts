/**
 * The temperature by cross-validation on the training rows: how much the gates may keep before rows that took no part are
 * predicted worse (docs/method.md, Temperature).
 */
import { factsAt, likelihoodOf, takeResponses } from '../likelihood/index.js';
import type { Config } from '../config/schema.js';
import { columnSubset, CompressedPredictor } from '../inference/predictive/compressed-draws.js';
import { average } from '../maths/statistics.js';
import { rowLosses } from '../inference/predictive/evaluate.js';
import { prune } from '../inference/prune/prune.js';
import { partsOf, type Part } from '../linear/folds.js';
import { takeRows } from '../maths/vector.js';
import { Stream } from '../random.js';
import { fitJobs } from '../train/fits.js';
import { planTraining } from '../train/plan.js';
import { Interrupted } from '../jobs/abort.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';
import type { Runner } from '../jobs/runner.js';
import type { TrainTasks } from './tasks.js';
import type { Prepared } from './prepare.js';
import type { TemperatureChoice } from './run-metrics.js';

const TEMPERATURES = [1, 0.1, 0.03];
const FOLDS = 3;
export const TEMPERATURE_FITS = TEMPERATURES.length * FOLDS;
/** What is tried, on which fold, counted from 0. */
export const TEMPERATURE_TRIALS = TEMPERATURES.flatMap((temperature) =>
  Array.from({ length: FOLDS }, (_, fold): [temperature: number, fold: number] => [temperature, fold]));

type Learning = Pick<Config, 'model' | 'prior' | 'train' | 'inclusion'>;

/**
 * Learns from two thirds of the training rows at each temperature, three times over, with one restart and no rescue, and
 * predicts the last third; what predicts best is chosen, the highest on ties.
 * @throws interrupted.stopped; training.non-finite, training.worker
 */
export async function chooseTemperature(
  runner: Runner<TrainTasks>, config: Learning, prepared: Prepared,
): Promise<TemperatureChoice> {
  const folds = dealt(prepared, Stream.fromSeed(config.train.seed).split('temperature'));
  const losses = await Promise.all(TEMPERATURES.map(async (temperature) => {
    const ofFolds = await Promise.all(folds.map((part, f) => heldOutLosses(runner, config, prepared, { part, f, temperature })));
    return Float64Array.from(ofFolds.flatMap((each) => [...each]));
  }));
  const { weights } = prepared.fitData.y;
  const held = weights && Float64Array.from(folds.flatMap(({ outside }) => Array.from(outside, (row) => weights[row])));
  const tried = TEMPERATURES.map((temperature, at) => ({ temperature, nll: average(losses[at], held) }));
  const { temperature: chosen } = tried.reduce((best, next) => (next.nll < best.nll ? next : best));
  return { chosen, tried };
}

/** Rows in three parts, every class spread evenly, or as groups and times allow. */
function dealt({ sets: { train }, fitData, encoder: { target } }: Prepared, stream: Stream): Part[] {
  const { y } = train!;
  const { stratified } = likelihoodOf(target.task);
  const all = Int32Array.from(y.keys());
  if (train!.groups ?? train!.times) return partsOf(fitData.y, all, stratified, FOLDS, stream);
  const shuffled = Array.from(stream.permutation(y.length));
  const order = stratified ? shuffled.sort((a, b) => y[a] - y[b]) : shuffled;
  const folds = Array.from({ length: FOLDS }, (_, f) => new Set(order.filter((__, at) => at % FOLDS === f)));
  return folds.map((held) => ({ inside: all.filter((row) => !held.has(row)), outside: all.filter((row) => held.has(row)) }));
}

interface Trial {
  /** Fold f. */
  part: Part;
  f: number;
  temperature: number;
}

async function heldOutLosses(
  runner: Runner<TrainTasks>, { model, prior, train, inclusion }: Learning, { fitData, sets, encoder, shape }: Prepared,
  { part: { inside: rows, outside: held }, f, temperature }: Trial,
): Promise<Float64Array> {
  const data = { x: takeRows(fitData.x, rows), y: takeResponses(fitData.y, rows) };
  const { epochs, batch } = planTraining(rows.length, train);
  const { learningRate, gateLearningRate, seed } = train;
  const [{ settings }] = fitJobs(
    { shape, epochs, batch, learningRate, gateLearningRate, prior, temperature },
    { gates: model.gates, spike: prior.spike, restarts: 1, reference: false });
  // The same draws at every temperature, for the comparison's sake.
  const { done, posterior } = await runner.run('fit', { data, settings, stream: [seed, 'temperature', 'fit', f] });
  const restart = done ? await runner.run('assess', {
    data, posterior, settings, options: { ...inclusion, rescues: 0 }, stream: [seed, 'temperature', 'assess', f],
  }) : undefined;
  if (!restart) throw new Interrupted();
  const { model: pruned } = prune(restart.posterior, restart.inclusion, encoder, { threshold: 0.5, level: 'all' });
  const predictor = new CompressedPredictor(pruned, DEFAULT_DRAWS, Stream.fromSeed(seed).split('temperature', 'predict', f));
  const x = columnSubset(encoder, pruned.encoder)(takeRows(fitData.x, held));
  const y = Float32Array.from(held, (row) => sets.train!.y[row]);
  return rowLosses(predictor.outputs(x), y, encoder.target, undefined, factsAt(sets.train!, held)).nll;
}
