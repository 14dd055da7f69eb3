/** Types of the options of every command, and the parsers that check an option's value while commander reads it. */

import { InvalidArgumentError } from './commander.js';

export interface GlobalOptions {
  quiet?: boolean;
  debug?: boolean;
  /** False after `--no-color`. */
  color?: boolean;
}

/** The options that say which config and data are meant. */
export interface SourceOptions {
  config?: string;
  data?: string;
  target?: string;
  seed?: number;
  /** `--set key=value`, in the order given. */
  set?: string[];
}

export interface InitOptions {
  target: string;
  out?: string;
  force?: boolean;
}

export interface ValidateOptions extends SourceOptions {
  print?: boolean;
}

export type EngineChoice = 'auto' | 'native' | 'wasm';

export interface TrainOptions extends SourceOptions {
  out?: string;
  resume?: string;
  force?: boolean;
  dryRun?: boolean;
  json?: boolean;
  jobs?: number | 'auto';
  engine?: EngineChoice;
}

export interface CvOptions extends SourceOptions {
  folds: number;
  repeats: number;
  threshold: number;
  out?: string;
  json?: boolean;
  jobs?: number | 'auto';
  engine?: EngineChoice;
}

export interface InspectOptions {
  json?: boolean;
}

export interface CalibrateOptions extends SourceOptions {
  rows?: number;
  inputs?: number;
  correlation?: number;
  structure?: 'ar1' | 'equal';
  noise?: number;
  sets: number;
  threshold: number;
  fdr: number;
  out?: string;
  json?: boolean;
  jobs?: number | 'auto';
  engine?: EngineChoice;
}

export interface SelectOptions {
  threshold?: number;
  top?: number;
  fdr?: number;
  knockoffs?: boolean;
  probes?: boolean;
  jobs?: number | 'auto';
  engine?: EngineChoice;
  format?: 'names' | 'csv' | 'json';
  json?: boolean;
}

export interface PruneOptions {
  threshold: number | 'auto';
  out?: string;
  level: 'weight' | 'node' | 'input' | 'all';
  format: string[];
  onnxInput: 'encoded' | 'raw';
  /** True without a number of steps. */
  fineTune?: number | true;
  quantize?: boolean;
  curve?: 'table' | 'csv' | 'json';
  force?: boolean;
  json?: boolean;
  engine?: EngineChoice;
}

export interface PredictOptions {
  interval?: number;
  uncertainty?: boolean;
  explain?: boolean;
  draws?: number;
  out?: string;
  engine?: EngineChoice;
}

export interface EvaluateOptions {
  draws?: number;
  json?: boolean;
  engine?: EngineChoice;
}

export interface ReportOptions {
  out?: string;
}

export interface DoctorOptions {
  verbose?: boolean;
  json?: boolean;
}

/** A number strictly between 0 and 1. */
export function openProbability(text: string): number {
  const value = toNumber(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must be a number between 0 and 1.');
  return value;
}

/** A number from 0 to 1, both included. */
export function probability(text: string): number {
  const value = toNumber(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

/** A number from 0 to 1, or `auto`. */
export function threshold(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const value = toNumber(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1, or auto.');
  return value;
}

const MAX_STEPS = 1_000_000;

/** How many steps of training; optional, so that whatever comes next on the line is taken for it. */
export function steps(text: string): number {
  const value = toNumber(text);
  if (Number.isSafeInteger(value) && value >= 1 && value <= MAX_STEPS) return value;
  throw new InvalidArgumentError(`It must be a whole number of steps up to ${MAX_STEPS}; name the run before it.`);
}

/** A number from 0 to below 1. */
export function correlation(text: string): number {
  const value = toNumber(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('It must be a number from 0 to below 1.');
  return value;
}

/** A number from 0.01 to 100: a standard deviation in units of another. */
export function ratio(text: string): number {
  const value = toNumber(text);
  if (!(value >= 0.01 && value <= 100)) throw new InvalidArgumentError('It must be a number from 0.01 to 100.');
  return value;
}

/** A whole number of at least 1. */
export function count(text: string): number {
  const value = toNumber(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}

/** A whole number of at least 2. */
export function folds(text: string): number {
  const value = toNumber(text);
  if (!Number.isSafeInteger(value) || value < 2) throw new InvalidArgumentError('It must be a whole number of at least 2.');
  return value;
}

/** How many fits at once: more than this no machine has cores, and every one needs memory. */
const MAX_JOBS = 1024;

/** How many things to do at once: `auto`, or a whole number of at least 1. */
export function jobs(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const value = toNumber(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > MAX_JOBS) {
    throw new InvalidArgumentError(`It must be auto or a whole number from 1 to ${MAX_JOBS}.`);
  }
  return value;
}

const MAX_DRAWS = 100_000;

/** How many draws to average over. All of them are kept in memory, and a thousand are already plenty. */
export function draws(text: string): number {
  const value = count(text);
  if (value > MAX_DRAWS) throw new InvalidArgumentError(`It must be at most ${MAX_DRAWS}.`);
  return value;
}

/** A whole number of at least 0. */
export function seed(text: string): number {
  const value = toNumber(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number of at least 0.');
  return value;
}

/** Collects `key=value` pairs of a repeatable option. */
export function assignment(text: string, earlier: string[] = []): string[] {
  if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError('It must look like train.epochs=500.');
  return [...earlier, text];
}

/** A comma-separated list of some of the given words. */
export function listOf(choices: readonly string[]): (text: string) => string[] {
  return (text) => {
    const words = text.split(',').map((word) => word.trim()).filter((word) => word !== '');
    const unknown = words.filter((word) => !choices.includes(word));
    if (words.length === 0 || unknown.length > 0) {
      throw new InvalidArgumentError(`It must be a comma-separated list of ${choices.join(', ')}.`);
    }
    return [...new Set(words)];
  };
}

/** Number('') is 0 and Number('0x1F') is 31: neither is what somebody meant here. */
function toNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
