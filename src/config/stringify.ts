/** A config as text that a person reads and edits: sections in the schema's order, with comments from the schema. */
import { Document, isCollection, isMap, isScalar, Scalar, type Node, type Pair, type YAMLMap } from 'yaml';
import { leafKeys, schemaAt } from './keys.js';
import type { Config } from './schema.js';

/** The keys of a config that are to be written; those left out take their defaults when it is read. */
export type PartialConfig = { [S in keyof Config]?: Partial<Config[S]> };

export interface TextOptions {
  /** Lines at the top, without `#`. */
  header?: string;
  /** Comment above each section and key: its description from the schema (default: sections only). */
  docs?: 'sections' | 'keys' | 'none';
  /** Comment behind the value of a dotted key (`train.epochs`), or of a column's entry (`data.columns.Area`). */
  remark?: (key: string) => string | undefined;
}

const COMMENT_WIDTH = 110;

/**
 * YAML text of a config. Reading it back gives the same config; the same config gives the same bytes, whatever the order
 * of its keys.
 */
export function stringifyConfig(config: PartialConfig, { header, docs = 'sections', remark }: TextOptions = {}): string {
  const doc = new Document<Node, boolean>(inSchemaOrder(config));
  if (header) doc.commentBefore = comment(header, COMMENT_WIDTH);
  decorate(doc.contents as YAMLMap<Node, Node>, []);
  // No folding: a path or name stays on one line.
  return doc.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: false });

  function decorate(map: YAMLMap<Node, Node>, path: string[]): void {
    for (const [i, pair] of map.items.entries()) {
      const here = [...path, String(isScalar(pair.key) ? pair.key.value : pair.key)];
      const key = here.join('.');
      const section = schemaAt(here)?.properties !== undefined;
      if (i > 0 && path.length === 0) pair.key.spaceBefore = true;
      const text = docs === 'keys' || (docs === 'sections' && path.length === 0) ? schemaAt(here)?.description : undefined;
      if (text) pair.key.commentBefore = comment(text, COMMENT_WIDTH - 2 * path.length);
      if (section) decorate(pair.value as YAMLMap<Node, Node>, here);
      else finish(pair.value!, key);
    }
  }

  function finish(value: Node, key: string): void {
    const note = remark?.(key) && ` ${remark(key)}`;
    if (isMap(value) && value.items.length > 0) {
      if (note) value.commentBefore = note;
      for (const pair of value.items as Pair<Node, YAMLMap>[]) {
        const about = remark?.(`${key}.${String(isScalar(pair.key) ? pair.key.value : pair.key)}`);
        // A column of this name is no merge key.
        if (isScalar(pair.key) && pair.key.value === '<<') pair.key.type = Scalar.QUOTE_SINGLE;
        pair.value!.flow = true;
        if (about) pair.value!.comment = ` ${about}`;
      }
      return;
    }
    if (note) value.comment = note;
    if (isCollection(value)) value.flow = true;
  }
}

/** The config as JSON, keys in the schema's order; `schema` becomes its `$schema`. */
export function stringifyConfigJson(config: PartialConfig, schema?: string): string {
  return `${JSON.stringify({ ...(schema && { $schema: schema }), ...inSchemaOrder(config) }, null, 2)}\n`;
}

/** A copy with the keys in the schema's order; names of columns keep theirs. */
function inSchemaOrder(config: PartialConfig): Record<string, unknown> {
  const ordered: Record<string, unknown> = {};
  for (const key of leafKeys()) {
    const path = key.split('.');
    const value = path.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], config);
    if (value === undefined) continue;
    let at = ordered;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
    at[path.at(-1)!] = value;
  }
  return ordered;
}

/** Text wrapped to lines, each with the blank that follows `#`; line breaks are kept. */
function comment(text: string, width: number): string {
  return text.split('\n').flatMap((line) => wrap(line, width)).map((line) => (line ? ` ${line}` : '')).join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}
