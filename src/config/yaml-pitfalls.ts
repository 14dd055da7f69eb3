/** Faults of a config's text that a YAML parser lets pass, or falls over. */
import { isAlias, isNode, isScalar, visit, type Document } from 'yaml';
import type { Problem, Where } from '../errors.js';

/** More brackets within brackets than any config has; the parser calls itself for each. */
const DEEPEST = 100;
const TOO_DEEP = 'it is nested too deeply for a config';

/** The fault of a text with too many open brackets. Quotes are not looked at, for no config has so many in them. */
export function tooDeep(text: string, file: string): Problem | undefined {
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    depth += '[{'.includes(bracket) ? 1 : -1;
    if (depth <= DEEPEST) continue;
    const line = text.slice(0, index).split('\n').length;
    return { code: 'config.syntax', message: TOO_DEEP, where: { file, line } };
  }
  return undefined;
}

/** The parser's reason; indentation, too, may be deeper than it can go. */
export const sayDeep = (reason: string): string => (/call stack/i.test(reason) ? TOO_DEEP : reason);

/** What parses and yet cannot be read: keys that are no words, and aliases of what nowhere stands. */
export function yamlPitfalls(doc: Document, whereIs: (offset: number) => Where): Problem[] {
  const problems: Problem[] = [];
  const tell = (message: string, hint: string, offset = 0): void => {
    problems.push({ code: 'config.syntax', message, hint, where: whereIs(offset) });
  };
  const anchors = new Set<string>();
  visit(doc, {
    Pair: (_, { key }) => {
      if (isNode(key) && !isScalar(key) && !isAlias(key)) tell('a key that is not a word', 'Write it as key: value.', key.range?.[0]);
    },
    Node: (_, node) => {
      if (!isAlias(node) && node.anchor) anchors.add(node.anchor);
    },
    Alias: (_, { source, range }) => {
      if (!anchors.has(source)) tell(`*${source} refers to nothing`, `A text that begins with * needs quotes: '*${source}'.`, range?.[0]);
    },
  });
  return problems;
}
