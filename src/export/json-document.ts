/** Reading JSON that a person may have damaged: every fault names the file and the place inside it. */
import type { z } from 'zod';
import { BnncError, type Problem } from '../errors.js';

/** @throws `run.not-json` naming the file. */
export function parseDocument(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new BnncError({
      code: 'run.not-json', message: `not readable as JSON (${(cause as Error).message})`, where: { file },
      hint: 'The file is damaged or cut short: make it again.',
    }, { cause });
  }
}

/** @throws an error of `code` with the first few findings; a damaged file can have thousands. */
export function checkDocument<T>(document: unknown, schema: z.ZodType<T>, code: Problem['code'], file: string): T {
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  throw new BnncError(result.error.issues.slice(0, 5).map(({ path, message }): Problem => ({
    code, message: [path.join('.'), message].filter(Boolean).join(': '), where: { file },
    hint: 'The file was changed or damaged: make it again.',
  })));
}
