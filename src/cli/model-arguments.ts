/** What `predict` and `evaluate` take: a model, which may be left out, and a CSV file or stdin. */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileSource, type CsvSource } from '../data/index.js';
import type { EnginePreference } from '../engine/backend.js';
import { fail } from '../errors.js';
import { openPredictor, runPredictor } from '../predict/open-predictor.js';
import type { Predictor } from '../predict/predictor.js';
import type { CliContext } from './context.js';
import { findRun } from './run-argument.js';
import { isTerminal } from './stream.js';

export interface ModelAndData {
  model?: string;
  data?: string;
}

/** Whether a file of this name would be an exported model rather than data. */
export const isModelFile = (path: string): boolean => /\.(json|safetensors)$/i.test(path);

/** Tells model and data apart. A lone argument is the data if it is `-` or a file other than an exported model. */
export async function splitArguments(args: string[], cwd: string): Promise<ModelAndData> {
  if (args.length === 2) await refuseSwapped(args[0], args[1], cwd);
  if (args.length !== 1) return { model: args[0], data: args[1] };
  const [only] = args;
  if (only === '-') return { data: only };
  const isFile = await stat(resolve(cwd, only)).then((found) => found.isFile(), () => /\.(csv|tsv|txt)(\.gz)?$/i.test(only));
  return isFile && !isModelFile(only) ? { data: only } : { model: only };
}

/** @throws usage.swapped for a file that is no model before a folder or a model file */
async function refuseSwapped(model: string, data: string, cwd: string): Promise<void> {
  const look = (path: string) => stat(resolve(cwd, path)).catch(() => undefined);
  const [first, second] = [await look(model), await look(data)];
  if (!first?.isFile() || isModelFile(model) || !(second?.isDirectory() || isModelFile(data))) return;
  throw fail('usage.swapped', `'${model}' is a file and '${data}' a model: they are the wrong way round`, {
    hint: 'First the run or model, then the data.',
  });
}

/** The CSV that was named, or stdin. @throws usage.no-data when that is a terminal */
export function dataArgument(data: string | undefined, { cwd, stdin }: CliContext): CsvSource {
  if (data !== undefined && data !== '-') return fileSource(resolve(cwd, data), data);
  if (data === undefined && isTerminal(stdin)) {
    throw fail('usage.no-data', 'no data', { hint: 'Name a CSV file, or send one through a pipe.' });
  }
  return { name: '<stdin>', open: () => stdin };
}

type EngineFlag = { engine?: EnginePreference | undefined };

/** The model that was named, or the newest run. */
export async function modelArgument(
  model: string | undefined, options: EngineFlag & { draws?: number | undefined; median?: boolean | undefined },
  context: CliContext,
): Promise<Predictor> {
  const settings = { cwd: context.cwd, draws: options.draws, median: options.median, engine: await engineOf(options, context) };
  return model === undefined ? runPredictor(await findRun(undefined, context), settings) : openPredictor(model, settings);
}

/** `--engine`, else BNNC_ENGINE. @throws usage.engine */
export async function engineOf({ engine }: EngineFlag, { env }: CliContext): Promise<EnginePreference> {
  if (engine !== undefined || !env.BNNC_ENGINE) return engine ?? 'auto';
  const { enginePreference } = await import('../engine/backend.js');
  return enginePreference(env.BNNC_ENGINE);
}
