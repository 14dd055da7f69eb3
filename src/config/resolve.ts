/**
 * Puts the sources of a config together: defaults < config file or object < `--set key=value` < named flags. Mappings are
 * merged key by key, anything else (lists too) is replaced as a whole.
 */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { BnncError, type Problem } from '../errors.js';
import { completed, isMapping, valueAt, type Mapping } from './check.js';
import { findConflicts, type Conflict } from './conflicts.js';
import { leafKeys } from './keys.js';
import { unlisted } from '../likelihood/index.js';
import { loadConfigFile, parseConfig } from './load.js';
import type { Config, ConfigInput } from './schema.js';
import { spelledOut } from './spelled-out.js';
import { flagSource, objectSource, setSource, type FlagValues, type Source } from './sources.js';
import { isSpecial } from '../special-file.js';
import { mapFile, resolveTable } from '../table-path.js';
import { option, shortOption, words, type Words } from '../voice.js';

/** Where a value came from. */
export type Origin = 'default' | Source['origin'];

export interface ResolveOptions {
  /** The config file as typed (`-c`); none: defaults and the command line alone. */
  file?: string | undefined;
  /** Sections that win over `file` or `object`; their paths start from `cwd`. */
  sections?: ConfigInput | undefined;
  /** The config itself, in place of a file; its paths start from `cwd`. */
  object?: ConfigInput | undefined;
  /** The `--set` arguments, `key=value`, in the order given: the last one for a key wins. */
  sets?: readonly string[] | undefined;
  flags?: FlagValues;
  /** Folder that paths typed on the command line start from. */
  cwd: string;
}

export interface Resolved {
  /** `data.path` is absolute, or '-' for stdin; `data.split.testFile` and `train.warm` are absolute, or null. */
  config: Config;
  /** For every dotted key that holds a value (`train.epochs`): where it came from. */
  origins: Record<string, Origin>;
  /** Absolute folder of the config file, or `cwd` without one. */
  baseDir: string;
  /** How messages call the data: relative to `cwd` if inside it, else absolute; '<stdin>' for '-'. */
  dataName: string;
}

/**
 * Resolves the config. Every fault of every source is told at once, also of values that a later source overrides.
 * @throws BnncError with `config.*` problems
 */
export async function resolveConfig({ file, object, sections, sets = [], flags = {}, cwd }: ResolveOptions): Promise<Resolved> {
  const sources: Source[] = [];
  if (file !== undefined) sources.push({ origin: 'file', ...(await loadConfigFile(file, cwd)) });
  else if (object !== undefined) sources.push(objectSource(object));
  if (sections !== undefined) sources.push(objectSource(sections));
  sources.push(...sets.map(setSource), ...flagSource(flags));
  const faults = sources.flatMap(({ problems }) => problems);
  const merged = sources.reduce<Mapping>((below, { value }) => merge(below, value), {});
  // A file that does not parse says nothing about which keys are missing.
  if (faults.some(({ code }) => PARSE_FAULTS.has(code))) throw new BnncError(faults);
  const missing = missingKeys(merged, file ?? { cwd });
  if (faults.length || missing.length) throw new BnncError([...faults, ...missing]);

  delete merged.$schema;
  const spelled = spelledOut(merged);
  const config = completed(spelled.config);
  // What comes through a pipe lies nowhere.
  const baseDir = file === undefined || isSpecial(resolve(cwd, file)) ? cwd : dirname(resolve(cwd, file));
  const origins = Object.fromEntries(leafKeys().map((key) => [key, originOf(key, sources)]));
  for (const [key, meant] of Object.entries(spelled.became)) origins[meant] = originOf(key, sources);
  const absolute = (key: string, path: string) => resolveTable(origins[key] === 'file' ? baseDir : cwd, path);
  config.data.path = absolute('data.path', config.data.path);
  const { split } = config.data;
  config.data.target = unlisted(config.data.target);
  if (split.testFile !== null) {
    split.testFile = absolute('data.split.testFile', split.testFile);
    // A test file wins over a share of test rows; written so that the resolved config says what is done.
    split.test = 0;
    origins['data.split.test'] = origins['data.split.testFile'];
  }
  const { train } = config;
  if (train.warm !== null) train.warm = resolve(origins['train.warm'] === 'file' ? baseDir : cwd, train.warm);
  if (config.prior.spike === 'gaussian' && origins['model.gates'] === 'default') {
    // Nobody asked for gates: what goes with the spike is what is meant.
    config.model.gates = 'none';
    origins['model.gates'] = origins['prior.spike'];
  }
  const conflicts = [...spelled.conflicts, ...findConflicts(config)].map((conflict) => reportLast(conflict, sources));
  if (conflicts.length) throw new BnncError(conflicts);
  return { config, origins, baseDir, dataName: nameFor(config.data.path, cwd) };
}

/**
 * Reads back a complete config such as a run folder's config.yaml; paths stay as written.
 * @throws BnncError with `config.*` problems
 */
export function parseFullConfig(text: string, name: string): Config {
  const { value, problems } = parseConfig(text, name);
  const all = problems.length ? problems : missingKeys(value, name);
  if (all.length) throw new BnncError(all);
  delete value.$schema;
  // Runs made before there were these keys had plain networks, and no search.
  return completed(spelledOut(merge({ model: { skip: false }, search: { steps: 0 } }, value)).config);
}

const USUAL_NAMES = ['bnnc.yaml', 'bnnc.yml', 'bnnc.json'];
const PARSE_FAULTS = new Set<Problem['code']>(['config.syntax', 'config.empty', 'config.not-a-mapping']);

function merge(below: Mapping, above: Mapping): Mapping {
  // From entries, so that a column named __proto__ is a key like any other.
  const merged = Object.entries(above).map(([key, value]): [string, unknown] => {
    const old = Object.hasOwn(below, key) ? below[key] : undefined;
    return [key, isMapping(old) && isMapping(value) ? merge(old, value) : value];
  });
  return Object.fromEntries([...Object.entries(below), ...merged]);
}

/** `file`: the config's name, or the folder where one would be looked for. */
function missingKeys(merged: Mapping, file: string | { cwd: string }): Problem<Words>[] {
  const where = typeof file === 'string' ? { file } : undefined;
  const near = typeof file === 'object' ? USUAL_NAMES.find((name) => existsSync(join(file.cwd, name))) : undefined;
  const present = near ? words` There is a ${near} here: ${shortOption('config', near)} reads it.` : '';
  const missing = (key: 'path' | 'target', what: string, example: string): Problem<Words>[] => {
    if (valueAt(merged, ['data', key]) !== undefined) return [];
    const given = option(key === 'path' ? 'data' : 'target', example);
    const hint = words`Give it in the config (data.${key}: ${example}) or as ${given}.${present}`;
    return [{ code: 'config.missing-key', message: `data.${key} is missing: ${what}`, hint, where }];
  };
  return [...missing('path', 'which table to learn from', 'data.csv'), ...missing('target', 'which column to predict', 'y')];
}

function originOf(key: string, sources: readonly Source[]): Origin {
  const path = key.split('.');
  return sources.findLast(({ value }) => valueAt(value, path) !== undefined)?.origin ?? 'default';
}

/** Reports a conflict at the source that had the last word on it. */
function reportLast(conflict: Conflict, sources: readonly Source[]): Problem<Words> {
  const paths = [conflict.path, ...conflict.others];
  const said = ({ value }: Source) => paths.find((path) => valueAt(value, path) !== undefined);
  const last = sources.findLast(said) ?? sources[0];
  return last.report({ ...conflict, path: said(last) ?? conflict.path });
}

function nameFor(path: string, cwd: string): string {
  if (path === '-') return '<stdin>';
  return mapFile(path, (file) => {
    const short = relative(cwd, file);
    return short.startsWith('..') || isAbsolute(short) ? file : short;
  });
}

