/** What training would do, without doing it. */

import { outputCount } from '../likelihood/index.js';
import { isRole, type Division } from '../data/index.js';
import type { Config } from '../config/schema.js';
import { fitsAskedFor, tasksOf } from '../work/learn.js';
import { Scratch } from '../work/begin.js';
import { memoryShape, planMemory } from '../work/memory.js';
import { prepare, type Prepared } from '../work/prepare.js';
import { jobCount } from '../work/workers.js';
import { autoSteps, whyNoSearch, withinReach } from '../work/search.js';
import { TEMPERATURE_FITS } from '../work/temperature.js';
import { leakageFindings } from '../work/leakage/findings.js';
import type { Finding } from '../diagnose/finding.js';
import { layoutOf } from '../model/shape.js';
import { countFits, fitNames, isReference, type FitCounts } from '../train/fits.js';
import { cacheOf, engineOf, folderOf, heed, memoryOf } from './environment.js';
import { checked } from './options/check.js';
import { TRAIN, type TrainOptions } from './options/train.js';
import { learningData } from './learning-data.js';
import { refuseBeside } from './train.js';

export interface PlannedTraining extends FitCounts {
  data: string;
  target: string;
  task: string;
  rows: { train: number; validation: number; test: number };
  /** How rows that are not independent would be divided; absent where they are dealt one by one. */
  division?: Division;
  /** What makes held-out rows easier to predict than new ones; empty where nothing was found. */
  findings: Finding[];
  inputs: number;
  columns: number;
  dropped: { name: string; reason: string }[];
  /** Widths from the encoded columns to the outputs. */
  widths: number[];
  /** Weights and biases. */
  parameters: number;
  batch: number;
  epochs: number;
  /** Of one fit. */
  steps: number;
  /** Bytes at the peak of all processes, by estimate, of which `jobs` work at once; what there is, where that is asked. */
  memory: { needed: number; jobs: number; limit?: number };
  reference: boolean;
  /** Fits before these, which choose the temperature. */
  temperatureFits: number;
  /**
   * Counted steps of each chain over structures after the fits, up to three times as many where chains disagree; 0: no search.
   * Of `auto` the most: starts with many weights have fewer.
   */
  searchSteps: number;
  /** There would be a search but for the size of the table. */
  searchBeyondReach?: true;
}

/**
 * Reads the data and tells what `train` with the same options would make of them.
 * @throws {BnncError} `usage.option`, `usage.resume`, `usage.add-restarts`; `config.*`; `data.*`
 */
export async function planTraining(options: TrainOptions): Promise<PlannedTraining> {
  checked('train', options, TRAIN);
  heed(options);
  engineOf(options);
  refuseBeside(options, ['dryRun']);
  const { resolved, given } = await learningData(options, folderOf(options));
  const { config, dataName } = resolved;
  const scratch = new Scratch();
  const ways = { columnar: { cache: cacheOf(options.cache) }, large: { folder: scratch.folder } };
  const prepared = await prepare(resolved, given, ways).finally(() => scratch.remove());
  const { encoder, division, sets, splits, held, shape: { widths }, plan } = prepared;
  const rows = (name: 'train' | 'validation' | 'test'): number => (held ? splits[name].length : sets[name]?.x.rows ?? 0);
  const fits = fitNames(fitsAskedFor(withinReach(config, prepared)));
  return {
    data: dataName,
    target: encoder.target.name,
    task: encoder.target.task,
    rows: { train: rows('train'), validation: rows('validation'), test: rows('test') },
    ...(division && { division }),
    findings: leakageFindings(prepared.leakage),
    inputs: encoder.features.length,
    columns: widths[0],
    dropped: encoder.dropped.filter(({ reason }) => !isRole(reason)),
    widths,
    parameters: layoutOf(prepared.shape).layers.reduce((sum, layer) => sum + (layer.inputs + 1) * layer.outputs, 0),
    batch: plan.batch,
    epochs: plan.epochs,
    steps: plan.steps,
    memory: memoryFor(options, config, prepared),
    ...countFits(fits),
    reference: fits.some(isReference),
    temperatureFits: config.train.temperature === 'auto' ? TEMPERATURE_FITS : 0,
    ...searchOf(config, prepared),
  };
}

function memoryFor({ jobs: asked = 'auto', memory }: TrainOptions, config: Config, prepared: Prepared): PlannedTraining['memory'] {
  const most = jobCount(asked, tasksOf(config), prepared);
  const { needed, jobs, limit } = planMemory(memoryShape(prepared), memoryOf(memory), { asked, most });
  return { needed, jobs, ...(limit !== undefined && { limit }) };
}

function searchOf(config: Config, prepared: Prepared): Pick<PlannedTraining, 'searchSteps' | 'searchBeyondReach'> {
  const { search: { steps }, model: { gates } } = config;
  if (whyNoSearch(config, prepared) !== undefined) return { searchSteps: 0, ...(gates !== 'none' && { searchBeyondReach: true }) };
  if (steps !== 'auto') return { searchSteps: steps };
  const { x, y } = prepared.fitData;
  return { searchSteps: autoSteps({ rows: x.rows, outputs: outputCount(y), x: { length: x.cols } }) };
}
