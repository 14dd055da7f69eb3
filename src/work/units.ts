/** Units of work: the tasks of a job under names that are the same on every machine, and which of them belong together. */
import type { Config } from '../config/schema.js';
import { likelihoodOf } from '../likelihood/index.js';
import { hasGates } from '../model/shape.js';
import type { FitJob } from '../train/fits.js';
import type { FitSettings } from '../train/types.js';
import { HELD_OUT_FOLDS } from './background.js';
import type { FoldTask } from './cv/fold.js';
import type { AllTasks } from './handlers.js';
import type { Prepared } from './prepare.js';
import { MAX_STARTS, withinReach } from './search.js';
import { unitLabels } from './shards.js';
import type { StreamPath } from './tasks.js';
import { TEMPERATURE_TRIALS } from './temperature.js';

/** A unit as it is planned. */
export interface Unit {
  /** `fit`, `chain`, `fold`, `table` and so on. */
  kind: string;
  /** `fit: restart 1`. */
  name: string;
  /** Of its random draws. */
  seed: number;
}

export interface TaskIdentity {
  /** No two tasks of a job have the same. */
  key: string;
  /** The unit that it is a part of; absent: it is too small to be one. */
  unit?: string;
  /** Only what comes last needs it, so that whoever puts the results together does it. */
  last?: boolean;
}

type Task<N extends keyof AllTasks> = AllTasks[N]['task'];

const settingsKey = ({ shape: { gates, widths, spike }, epochs, course, temperature, stretch }: FitSettings): unknown =>
  [gates, widths, spike, epochs, course, temperature, ...(stretch ? [stretch.until] : [])];

/** `[7, 'fit', 'restart 1']` is `restart 1`. */
const label = (stream: StreamPath): string => stream.slice(2).join(' ');

const fitUnit = (name: string): string => `fit: ${name}`;
const chainUnit = (chain: string | number): string => `chain: ${chain}`;
const foldUnit = (repeat: number, fold: number, trial?: number): string => `fold: ${trial ? `setting ${trial}, ` : ''}${repeat}.${fold}`;
const tableUnit = (index: number): string => `table: ${index + 1}`;
const heldOutUnit = (fold: string | number): string => `held out: ${fold}`;
const temperatureUnit = (temperature: number | undefined, fold: string | number): string => `temperature: ${temperature ?? 1}, ${fold}`;

/** A fit or its assessment: of a restart, or of a trial of a temperature. */
function fitIdentity(kind: string, stream: StreamPath, settings: FitSettings, more: unknown = null): TaskIdentity {
  const unit = stream[1] === 'temperature' ? temperatureUnit(settings.temperature, stream[3]) : fitUnit(label(stream));
  return { key: JSON.stringify([kind, stream, settingsKey(settings), more]), unit };
}

const IDENTITIES: { [N in keyof AllTasks]: (task: Task<N>) => TaskIdentity } = {
  linear: ({ stream }) => ({ key: JSON.stringify(['linear', stream]) }),
  fit: ({ stream, settings }) => fitIdentity('fit', stream, settings),
  assess: ({ stream, settings, options: { rescues } }) => fitIdentity('assess', stream, settings, rescues),
  heldOut: ({ stream }) => ({ key: JSON.stringify(['heldOut', stream]), unit: heldOutUnit(stream[2]) }),
  chain: ({ stream, options: { climb, burn, steps }, from }) =>
    ({ key: JSON.stringify(['chain', stream, climb, burn, steps, from?.step ?? 0]), unit: chainUnit(stream[3]) }),
  fold: ({ repeat, fold, trial }) => ({ key: JSON.stringify(['fold', ...(trial ? [trial] : []), repeat, fold]), unit: foldUnit(repeat, fold, trial) }),
  simulate: ({ index }) => ({ key: JSON.stringify(['simulate', index]), unit: tableUnit(index) }),
  background: ({ stream }) => ({ key: JSON.stringify(['background', stream]), last: true }),
  average: ({ stream }) => ({ key: JSON.stringify(['average', stream]), last: true }),
  measure: ({ stream }) => ({ key: JSON.stringify(['measure', stream]), last: true }),
  median: ({ stream }) => ({ key: JSON.stringify(['median', stream]), last: true }),
};

/** What a task is called. */
export const identityOf = <N extends keyof AllTasks>(kind: N, task: Task<N>): TaskIdentity => IDENTITIES[kind](task);

/** The units of a training: all that may be needed; some of them depend on what others find. */
export function trainUnits(asked: Config, prepared: Prepared, jobs: readonly FitJob[]): Unit[] {
  const config = withinReach(asked, prepared);
  const { train: { seed, temperature, partitions }, model, search } = config;
  const { shape } = prepared;
  const named = (kind: string, names: readonly string[]): Unit[] => [...new Set(names)].map((name) => ({ kind, name, seed }));
  const wants = model.skip && model.background && hasGates(shape.gates) && !likelihoodOf(shape.task).normal && search.steps === 0;
  return [
    ...named('temperature', temperature === 'auto' ? TEMPERATURE_TRIALS.map(([value, fold]) => temperatureUnit(value, fold)) : []),
    ...named('fit', jobs.flatMap(({ name, stream = name }) => [
      fitUnit(stream), ...(partitions === 1 ? [] : Array.from({ length: partitions }, (_, k) => fitUnit([stream, ...unitLabels(k)].join(' ')))),
    ])),
    ...named('chain', search.steps === 0 ? [] : Array.from({ length: MAX_STARTS }, (_, c) => chainUnit(c))),
    ...named('held out', wants ? Array.from({ length: HELD_OUT_FOLDS }, (_, fold) => heldOutUnit(fold)) : []),
  ];
}

/** The folds of a cross-validation. */
export const cvUnits = (planned: readonly Pick<FoldTask, 'repeat' | 'fold' | 'config' | 'trial'>[]): Unit[] =>
  planned.map(({ repeat, fold, trial, config: { train: { seed } } }) => ({ kind: 'fold', name: foldUnit(repeat, fold, trial), seed }));

/** The tables of a calibration. */
export const tableUnits = (tables: number, seed: number): Unit[] =>
  Array.from({ length: tables }, (_, index) => ({ kind: 'table', name: tableUnit(index), seed }));
