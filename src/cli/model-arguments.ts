/** What `predict` and `evaluate` take: a model, which may be left out, and a CSV file or stdin. */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isModelFile } from '../api/model.js';
import type { CsvInput } from '../api/rows.js';
import { fail } from '../errors.js';
import { isTableName } from '../table-path.js';
import type { CliContext } from './context.js';
import { isTerminal } from './stream.js';

export interface ModelAndData {
  model?: string;
  data?: string;
}

/** Tells model and data apart. A lone argument is the data if it is `-` or a file other than an exported model. */
export async function splitArguments(args: string[], cwd: string): Promise<ModelAndData> {
  if (args.length === 2) await refuseSwapped(args[0], args[1], cwd);
  if (args.length !== 1) return { model: args[0], data: args[1] };
  const [only] = args;
  if (only === '-') return { data: only };
  const isFile = await stat(resolve(cwd, only)).then((found) => !found.isDirectory(), () => isTableName(only));
  return isFile && !isModelFile(only) ? { data: only } : { model: only };
}

/** @throws usage.swapped for a file that is no model before a folder or a model file */
async function refuseSwapped(model: string, data: string, cwd: string): Promise<void> {
  const look = (path: string) => stat(resolve(cwd, path)).catch(() => undefined);
  const [first, second] = [await look(model), await look(data)];
  if (!first?.isFile() || isModelFile(model) || !(second?.isDirectory() || isModelFile(data))) return;
  throw fail('usage.swapped', `'${model}' is a file and '${data}' a model: their order is wrong`, {
    hint: 'Give the run or model first, then the data.',
  });
}

/** The CSV that was named, or stdin. @throws usage.no-data when that is a terminal */
export function dataArgument(data: string | undefined, { stdin }: CliContext): CsvInput {
  if (data !== undefined && data !== '-') return data;
  if (data === undefined && isTerminal(stdin)) {
    throw fail('usage.no-data', 'no data', { hint: 'Name a file with a table, or send one through a pipe.' });
  }
  return { name: '<stdin>', open: () => stdin };
}
