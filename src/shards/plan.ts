/** A plan of work that shards share: what the job is, what it learns from, and its units. */
import { sha256 } from '../store/checkpoint.js';
import { stringifyConfig } from '../config/stringify.js';
import type { Config } from '../config/schema.js';
import type { SignalRange } from '../work/calibrate/simulated-set.js';
import type { Synthetic } from '../work/calibrate/synthetic.js';
import type { SweepRules } from '../work/sweep/sweep.js';
import type { Setting } from '../work/sweep/trials.js';
import type { Unit } from '../work/units.js';

/** What is to be done. */
export type Job =
  | { what: 'train' }
  | { what: 'cv'; folds: number; repeats: number; threshold: number }
  | {
    what: 'calibrate'; tables: number; threshold: number; fdr: number; signalRange: SignalRange;
    /** Gaussian inputs in place of data. */
    synthetic?: Synthetic | undefined;
    /** What the tables are like, for people and as keys of the document. */
    name: string; like: object;
  }
  | SweepJob
  | {
    what: 'knockoffs'; fdr: number;
    /** Absolute, and as typed. */
    run: string; name: string;
  };

/** `name`: of the folder that comes of it. The config of each setting is whole, its paths absolute. */
export type SweepJob = SweepRules & { what: 'sweep'; name: string; trials: { setting: Setting; config: Config }[] };

export type What = Job['what'];

/** What must be the same wherever the units are done. */
export interface PlanFacts {
  job: Job;
  /** Version of bnnc. */
  bnnc: string;
  configSha256: string;
  dataSha256?: string | undefined;
  testSha256?: string | undefined;
}

export interface Plan extends PlanFacts {
  /** The engine that planned. Digits depend on it, on its threads and on the processor. */
  engine: { name: string; threads: number };
  /** Paths are absolute. */
  config: Config;
  /** How messages call the data. */
  dataName: string;
  units: Unit[];
}

/** SHA-256 of a config, wherever its data lie. */
export function configHash(config: Config): string {
  const { data, train } = config;
  const split = { ...data.split, testFile: data.split.testFile === null ? null : 'test' };
  return sha256(stringifyConfig({ ...config, data: { ...data, path: 'data', split }, train: { ...train, warm: train.warm === null ? null : 'warm' } }));
}

/** Names a plan: results of the same name can be put together. */
export function planHash({ job, bnnc, configSha256, dataSha256, testSha256 }: PlanFacts): string {
  return sha256(JSON.stringify([settled(job), bnnc, configSha256, dataSha256 ?? null, testSha256 ?? null]));
}

/** What a job is, wherever its files lie. */
function settled(job: Job): object {
  // Where the run of a check lies is not what it is, and its config and data are among the facts.
  if (job.what === 'knockoffs') return { ...job, run: '', name: '' };
  if (job.what === 'sweep') return { ...job, name: '', trials: job.trials.map(({ setting, config }) => [setting, configHash(config)]) };
  return job;
}
