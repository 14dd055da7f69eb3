/** Reading JSON that a person may have damaged: every fault names the file and the place inside it. */
import { BnncError, type Problem } from '../../errors.js';
import type { Rule } from '../../rules.js';

/** Exports that bnnc does not read back, and tables. */
const OTHERS = /\.(onnx|mjs|js|pb|bin|csv|tsv)(\.gz)?$/i;

/** What the parser says, on one line: it cites the text. */
const reasonOf = ({ name, message }: Error): string => (name === 'SyntaxError' ? message.replace(/\s+/g, ' ') : 'it is not UTF-8 text');

/** @throws `run.not-json` naming the file. */
export function parseDocument(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new BnncError({
      code: 'run.not-json', message: `not readable as JSON (${reasonOf(cause as Error)})`, where: { file },
      hint: OTHERS.test(file) ? "Only other programs read this format: give the model.json or model.safetensors that 'bnnc prune' wrote."
        : 'The file is damaged or incomplete: make it again.',
    }, { cause });
  }
}

/** @throws an error of `code` with the first few findings; a damaged file can have thousands. */
export function checkDocument<T>(document: unknown, rule: Rule<T>, code: Problem['code'], file: string): T {
  const faults = rule(document);
  if (faults.length === 0) return document as T;
  throw new BnncError(faults.slice(0, 5).map(({ path, message }): Problem => ({
    code, message: [path.join('.'), message].filter(Boolean).join(': '), where: { file },
    hint: 'The file was changed or damaged: make it again.',
  })));
}
