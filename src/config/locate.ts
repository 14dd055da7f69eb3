/** From a path in a config to its place in the text. */
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import type { Where } from '../errors.js';
import type { Finding } from './check.js';
import type { Path } from './keys.js';

/** Longer lines (minified JSON) are not shown: the caret would be off the screen. */
const LONGEST_SHOWN_LINE = 200;

/** Line, column and text of the line at `offset`. */
export function place(text: string, file: string, lines: LineCounter, offset: number): Where {
  const { line, col } = lines.linePos(Math.min(offset, text.length));
  if (line === 0) return { file, line: 1, column: 1 };
  const start = lines.lineStarts[line - 1];
  const end = text.indexOf('\n', start);
  // A tab is one column here but several on the screen: shown as a blank, the caret stands right.
  const source = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '').replaceAll('\t', ' ');
  return { file, line, column: col, ...(source.length <= LONGEST_SHOWN_LINE && { source }) };
}

/** A key as text. The parser gives the merge key `<<` as a symbol. */
const keyText = (key: unknown): string => {
  const value = isScalar(key) ? key.value : key;
  return typeof value === 'symbol' ? '<<' : String(value);
};

/** The pair for `key` in a mapping, the last one if it is there twice, or one that came in through a merge key `<<`. */
function findPair(doc: Document, node: unknown, key: string): Pair<Node, Node | null> | undefined {
  if (isAlias(node)) return findPair(doc, node.resolve(doc), key);
  if (isSeq(node)) return node.items.map((item) => findPair(doc, item, key)).find((pair) => pair);
  if (!isMap(node)) return undefined;
  const pairs = node.items as Pair<Node, Node | null>[];
  const merged = () => pairs.filter((pair) => keyText(pair.key) === '<<').map((pair) => findPair(doc, pair.value, key));
  return pairs.findLast((pair) => keyText(pair.key) === key) ?? merged().find((pair) => pair);
}

/** Offset in the text of the key or value at `path`; of the nearest thing above it where the path itself is not written. */
export function offsetOf(doc: Document, path: Path, at: 'key' | 'value'): number {
  let node: Node | null | undefined = doc.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(doc);
    if (typeof part === 'number') {
      node = isSeq(node) ? (node.items[part] as Node | undefined) : undefined;
      offset = node?.range?.[0] ?? offset;
      continue;
    }
    const pair = findPair(doc, node, part);
    if (!pair) return offset;
    node = pair.value;
    const atKey = depth < path.length - 1 || at === 'key' || !node?.range || node.range[0] === node.range[1];
    offset = (atKey ? pair.key.range?.[0] : node!.range![0]) ?? offset;
  }
  return offset;
}

/** Keys given more than once in a mapping; YAML readers differ in which one they take, so neither is. */
export function duplicateKeys(node: unknown, lines: LineCounter, path: Path = []): Finding[] {
  if (isSeq(node)) return node.items.flatMap((item, i) => duplicateKeys(item, lines, [...path, i]));
  if (!isMap(node)) return [];
  const first = new Map<string, number>();
  const told = new Set<string>();
  return (node.items as Pair<Node, Node | null>[]).flatMap((pair) => {
    const key = keyText(pair.key);
    const here = [...path, key];
    const inner = duplicateKeys(pair.value, lines, here);
    const line = lines.linePos(pair.key.range?.[0] ?? 0).line;
    const before = first.get(key);
    if (before === undefined) first.set(key, line);
    if (before === undefined || told.has(key) || key === '<<') return inner;
    told.add(key);
    const text = `given twice, first on line ${before}`;
    return [...inner, { code: 'config.duplicate-key', path: here, at: 'key', text, hint: 'Keep one of them.' }];
  });
}
