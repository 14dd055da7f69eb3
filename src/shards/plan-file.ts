/** plan.jsonl: a header with the job and its config, then a line for each unit. */
import { dirname, relative, resolve, sep } from 'node:path';
import { parseFullConfig, type Resolved } from '../config/resolve.js';
import type { Config } from '../config/schema.js';
import { BnncError, fail } from '../errors.js';
import {
  also, count, list, looseRecord, number, oneOf, optional, recordBy, text, textLike, type Checked, type Fault,
} from '../rules.js';
import { readPlainFile } from '../special-file.js';
import { reading, systemCode } from '../store/refusals.js';
import { mapFile, resolveTable } from '../table-path.js';
import { programVersion } from '../version.js';
import { call, words } from '../voice.js';
import type { Setting } from '../work/sweep/trials.js';
import type { Unit } from '../work/units.js';
import { configHash, type Job, type Plan, type SweepJob } from './plan.js';

const FORMAT = 1;
/** A plan of so many bytes was not written by bnnc. */
const MAX_BYTES = 200e6;

const hash = textLike(/^[0-9a-f]{64}$/);
const share = number({ min: 0, max: 1 });
const jobRule = recordBy('what', {
  train: looseRecord({ what: text }),
  cv: looseRecord({ what: text, folds: count(2), repeats: count(1), threshold: share }),
  calibrate: looseRecord({
    what: text, tables: count(1), threshold: share, fdr: share, signalRange: list(share, { min: 2, max: 2 }),
    name: text, like: looseRecord({}),
    synthetic: optional(looseRecord({ rows: count(1), inputs: count(1), correlation: share, structure: text, task: text })),
  }),
  knockoffs: looseRecord({ what: text, fdr: share, run: text, name: text }),
  sweep: looseRecord({
    what: text, name: text, method: oneOf('grid', 'random', 'halving'), folds: count(2), repeats: count(1), eta: number({ min: 1.5 }),
    measure: oneOf('full', 'pruned', 'tuned'), threshold: share,
    trials: list(looseRecord({ setting: looseRecord({}), config: looseRecord({}) }), { min: 1 }),
  }),
});

const headerRule = looseRecord({
  schemaVersion: count(1), job: jobRule, bnnc: text, engine: looseRecord({ name: text, threads: count(1) }),
  configSha256: hash, dataSha256: optional(hash), testSha256: optional(hash), dataName: text, units: count(1),
  config: looseRecord({}),
});
const unitRule = looseRecord({ unit: count(1), kind: text, name: text, seed: count() });

/** The text of a plan. @param path where it will lie: paths in it begin there */
export function planText(plan: Plan, path: string): string {
  const { job, bnnc, engine, configSha256, dataSha256, testSha256, dataName, config, units } = plan;
  const folder = dirname(path);
  const near = (file: string): string => relative(folder, file).split(sep).join('/') || '.';
  const facts = { bnnc, engine: engine.name, config: configSha256, data: dataSha256, test: testSha256 };
  const header = {
    schemaVersion: FORMAT, job: movedJob(job, near), bnnc, engine, configSha256, dataSha256, testSha256, dataName,
    units: units.length,
    config: withPaths(config, near),
  };
  return [header, ...units.map((unit, at) => ({ unit: at + 1, ...unit, ...facts }))].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function movedJob(job: Job, near: (file: string) => string): Job {
  if (job.what === 'knockoffs') return { ...job, run: near(job.run) };
  if (job.what === 'sweep') return { ...job, trials: job.trials.map(({ setting, config }) => ({ setting, config: withPaths(config, near) })) };
  return job;
}

/** A job as it was written, its paths absolute and its configs checked. */
function placedJob(job: Job, shown: string, folder: string): Job {
  if (job.what === 'knockoffs') return { ...job, run: resolve(folder, job.run) };
  if (job.what === 'sweep') return { ...job, trials: job.trials.map(({ setting, config }) => ({ setting, config: configOf(config, shown, folder) })) };
  return job;
}

function withPaths(config: Config, change: (path: string) => string): Config {
  const { data, train } = config;
  const table = (path: string): string => mapFile(path, change);
  const split = { ...data.split, testFile: data.split.testFile === null ? null : table(data.split.testFile) };
  const warm = train.warm === null ? null : change(train.warm);
  return { ...config, data: { ...data, path: table(data.path), split }, train: { ...train, warm } };
}

/**
 * Reads a plan.
 * @param shown its path as errors name it
 * @throws run.plan-missing, run.not-a-plan, run.plan-version, run.not-readable
 */
export async function readPlan(path: string, shown: string): Promise<Plan> {
  return parsePlan(await content(path, shown), path, shown);
}

/** The same of its text. @throws run.not-a-plan, run.plan-version */
export function parsePlan(said: string, path: string, shown: string): Plan {
  const lines = said.split('\n').filter((line) => line !== '');
  const parsed = lines.map((line, at) => parsedLine(line, shown, at + 1));
  const version = (parsed[0] as { schemaVersion?: unknown } | undefined)?.schemaVersion;
  if (Number.isSafeInteger(version) && version !== FORMAT) throw otherVersion(`the plan has format ${String(version)}, and this program reads ${FORMAT}`, shown);
  const header = following(headerRule(parsed[0]), parsed[0], shown, 1) as Checked<typeof headerRule>;
  if (header.bnnc !== programVersion()) throw otherVersion(`bnnc ${header.bnnc} made the plan, and this is ${programVersion()}`, shown);
  const ordered = (at: number) => also(unitRule, ({ unit }): readonly Fault[] =>
    (unit === at ? [] : [{ path: ['unit'], message: `expected ${at}` }]));
  const units = parsed.slice(1).map((line, at): Unit => {
    const { kind, name, seed } = following(ordered(at + 1)(line), line, shown, at + 2) as Unit;
    return { kind, name, seed };
  });
  if (units.length !== header.units) throw damaged(`it has ${units.length} of ${header.units} units`, shown, lines.length);
  const { job, bnnc, engine, configSha256, dataSha256, testSha256, dataName } = header;
  const folder = dirname(path);
  const config = configOf(header.config, shown, folder);
  if (configHash(config) !== configSha256) throw damaged('its config is not the one that it names', shown, 1);
  const placed = placedJob(job as unknown as Job, shown, folder);
  return { job: placed, bnnc, engine, configSha256, dataSha256, testSha256, dataName, config, units };
}

/** The config of a plan, for whoever takes one that was resolved. */
export const resolvedOf = ({ config, dataName }: Plan, path: string): Resolved =>
  ({ config, origins: {}, baseDir: dirname(path), dataName });

/** The settings of a sweep, each with its config. */
export const trialsOf = ({ trials }: SweepJob, plan: Plan, path: string): { setting: Setting; resolved: Resolved }[] =>
  trials.map(({ setting, config }) => ({ setting, resolved: resolvedOf({ ...plan, config }, path) }));

function configOf(value: object, shown: string, folder: string): Config {
  try {
    const config = parseFullConfig(JSON.stringify(value), shown);
    const placed = (file: string): string => resolve(folder, file);
    return withPaths({ ...config, data: { ...config.data, path: resolveTable(folder, config.data.path) } }, placed);
  } catch (error) {
    if (!(error instanceof BnncError)) throw error;
    throw damaged(`its config: ${error.problems[0].message}`, shown, 1);
  }
}

async function content(path: string, shown: string): Promise<string> {
  const bytes = await reading(shown, () => readPlainFile(path).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw fail('run.plan-missing', 'no such plan', { where: { file: shown }, hint: words`${call('planUnits')} writes one.` });
  }));
  if (bytes.length > MAX_BYTES) throw damaged('it is too large', shown, 1);
  return bytes.toString('utf8');
}

function parsedLine(line: string, file: string, at: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged('not valid JSON', file, at);
  }
}

function following(faults: readonly Fault[], value: unknown, file: string, line: number): unknown {
  const [fault] = faults;
  if (fault === undefined) return value;
  throw damaged(`${fault.path.join('.') || 'the line'}: ${fault.message}`, file, line);
}

const damaged = (what: string, file: string, line: number): Error =>
  fail('run.not-a-plan', `not a plan as bnnc wrote it: ${what}`, { where: { file, line }, hint: words`Write it again with ${call('planUnits')}.` });

const otherVersion = (what: string, file: string): Error =>
  fail('run.plan-version', what, { where: { file }, hint: 'Use one version of bnnc for the plan, the work and the merge.' });
