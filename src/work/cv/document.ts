/** The document of a cross-validation, as `bnnc cv --json` prints it. */
import type { Resolved } from '../../config/resolve.js';
import type { Folds, Table } from '../../data/index.js';
import type { Engine } from '../../engine/backend.js';
import type { FitCounts } from '../../train/fits.js';
import { targetNames, targetTitle, type Metrics } from '../../likelihood/index.js';
import type { NetworkSize } from '../../inference/prune/size.js';
import type { Task } from '../../types.js';
import { programVersion } from '../../version.js';
import { leakageFindings, type LeakageFinding } from '../leakage/findings.js';
import type { Leakage } from '../leakage/leakage.js';
import type { PlannedFold } from './plan.js';
import type { ByModel, FoldResult } from './fold.js';
import { stability, type InputStability } from './stability.js';
import { heldRows, summarise, type Summary } from './summary.js';

/** One fold. */
export interface FoldReport {
  /** Counted from 1. */
  repeat: number;
  fold: number;
  /** Of its random draws, those of the fits as `train.seed`. */
  seed: number;
  rows: { train: number; test: number };
  /** Restart with the highest ELBO, counted from 1, and that ELBO. */
  restart: number;
  elbo: number;
  /** Inputs of the pruned model, in the order of the file. */
  kept: string[];
  models: ByModel<{ metrics: Metrics; size: NetworkSize }>;
}

/** Nothing in it depends on the clock or on how many folds were worked on at once. */
export interface CvDocument extends Summary {
  schemaVersion: 1;
  bnnc: string;
  engine: Pick<Engine, 'name' | 'threads'>;
  data: { name: string; sha256: string; rows: number };
  target: string;
  task: Task;
  plan: FitCounts & {
    folds: number; repeats: number; stratified: boolean; threshold: number; seed: number;
    /** Columns by which rows stay together, and by which each fold learns from earlier rows alone. */
    group?: string; time?: string;
  };
  /** What makes rows that are held out easier to predict than new ones; empty where nothing was found. */
  findings: LeakageFinding[];
  inputs: InputStability[];
  folds: FoldReport[];
}

export interface CvFacts {
  resolved: Resolved;
  table: Table;
  planned: readonly PlannedFold[];
  /** In the order of `planned`. */
  results: readonly FoldResult[];
  /** One per repeat. */
  divisions: readonly Folds[];
  engine: Engine;
  task: Task;
  threshold: number;
  counts: FitCounts;
  leakage: Leakage;
}

export function cvDocument(facts: CvFacts): CvDocument {
  const { resolved, table, planned, results, divisions, engine, task, threshold, counts, leakage } = facts;
  const { config: { data, train }, dataName } = resolved;
  const placed = planned.map(({ repeat, splits }, at) => ({ repeat, rows: splits.test, result: results[at] }));
  const seen = new Set(results.flatMap(({ inputs }) => inputs));
  return {
    schemaVersion: 1, bnnc: programVersion(), engine: { name: engine.name, threads: engine.threads },
    data: { name: dataName, sha256: table.sha256, rows: table.rows }, target: targetTitle(data.target), task,
    plan: {
      folds: divisions[0].rows.length, repeats: divisions.length, stratified: divisions[0].stratified,
      ...divisions[0].dependent, threshold, ...counts, seed: train.seed,
    },
    ...summarise(placed, heldRows(placed).length, targetNames(data.target)),
    findings: leakageFindings(leakage),
    inputs: stability([...table.names, ...Object.keys(data.groups)].filter((name) => seen.has(name)), results, threshold),
    folds: planned.map((fold, at) => foldReport(fold, results[at])),
  };
}

function foldReport({ repeat, fold, config, splits }: PlannedFold, { models, kept, best, elbo }: FoldResult): FoldReport {
  return {
    repeat, fold, seed: config.train.seed, rows: { train: splits.train.length, test: splits.test.length },
    restart: best + 1, elbo: elbo.elbo, kept, models,
  };
}
