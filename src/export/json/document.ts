/** Reading JSON that a person may have damaged: every fault names the file and the place inside it. */
import type { z } from 'zod';
import { describeValue } from '../../config/keys.js';
import { BnncError, type Problem } from '../../errors.js';

/** Exports that bnnc does not read back, and tables. */
const OTHERS = /\.(onnx|mjs|js|pb|bin|csv|tsv)(\.gz)?$/i;

/** What the parser says, on one line: it cites the text. */
const reasonOf = ({ name, message }: Error): string => (name === 'SyntaxError' ? message.replace(/\s+/g, ' ') : 'it is no UTF-8 text');

/** @throws `run.not-json` naming the file. */
export function parseDocument(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new BnncError({
      code: 'run.not-json', message: `not readable as JSON (${reasonOf(cause as Error)})`, where: { file },
      hint: OTHERS.test(file) ? "This form is for other programs: give the model.json or model.safetensors that 'bnnc prune' wrote."
        : 'The file is damaged or cut short: make it again.',
    }, { cause });
  }
}

/** @throws an error of `code` with the first few findings; a damaged file can have thousands. */
export function checkDocument<T>(document: unknown, schema: z.ZodType<T>, code: Problem['code'], file: string): T {
  const result = schema.safeParse(document, { error: faultText });
  if (result.success) return result.data;
  throw new BnncError(result.error.issues.slice(0, 5).map(({ path, message }): Problem => ({
    code, message: [path.join('.'), message].filter(Boolean).join(': '), where: { file },
    hint: 'The file was changed or damaged: make it again.',
  })));
}

const KINDS: Record<string, string> = { string: 'a text', array: 'a list', object: 'a mapping', record: 'a mapping', int: 'a whole number' };

/** What is wrong with a value, in words for people; undefined where the rule of the schema has words of its own. */
export function faultText(issue: z.core.$ZodRawIssue): string | undefined {
  const missing = issue.input === undefined;
  const found = missing ? '' : `, got ${describeValue(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return missing ? 'is missing' : `expected ${KINDS[issue.expected] ?? `a ${issue.expected}`}${found}`;
    case 'invalid_value':
      return missing ? 'is missing' : `expected ${issue.values.map(String).join(' or ')}${found}`;
    case 'unrecognized_keys':
      return `unknown: ${issue.keys.join(', ')}`;
    case 'too_small':
      return Array.isArray(issue.input) ? `has fewer than ${issue.minimum} entries`
        : `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return Array.isArray(issue.input) ? `has more than ${issue.maximum} entries` : `must be at most ${issue.maximum}`;
    case 'invalid_union':
      return missing ? 'is missing' : 'is none of the known forms';
    case 'custom':
      return undefined;
    default:
      return 'is not as it should be';
  }
}
