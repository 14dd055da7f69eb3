/** What a word or a config key means. */

import { describeExpected, leafKeys, schemaAt } from '../config/keys.js';
import { fail } from '../errors.js';
import { closest } from '../suggest.js';
import { GLOSSARY, glossaryEntry, glossaryNames, type GlossaryEntry } from '../text/glossary.js';

export type { GlossaryEntry };

/** A key of the config. */
export interface ExplainedKey {
  key: string;
  text: string;
  /** What it accepts, in words. */
  accepts: string;
  /** Absent where it must be given. */
  default?: unknown;
}

/** All words of the program, in the order in which a newcomer meets them. */
export const glossary = (): readonly GlossaryEntry[] => GLOSSARY;

/**
 * The meaning of a word of the program (`PIP`, `credible set`), whatever its case, or of a config key (`train.restarts`).
 * @throws {BnncError} `usage.word` for what is neither
 * @example
 * ```ts
 * const meaning = explain('median model');
 * console.log(meaning.text);
 * ```
 */
export function explain(word: string): GlossaryEntry | ExplainedKey {
  const entry = glossaryEntry(word);
  if (entry) return entry;
  const key = word.includes('.') ? explainedKey(word) : undefined;
  if (key) return key;
  const near = closest(word, [...glossaryNames(), ...leafKeys()]);
  throw fail('usage.word', `there is no word and no config key '${word}'`, {
    hint: near === undefined ? 'Without a word all of them are listed.' : `Did you mean '${near}'?`,
  });
}

function explainedKey(word: string): ExplainedKey | undefined {
  const schema = schemaAt(word.split('.'));
  if (schema?.description === undefined) return undefined;
  const { description: text, default: standard } = schema;
  return { key: word, text, accepts: describeExpected(schema), ...(standard !== undefined && { default: standard }) };
}
