/** Reads a config file, YAML or JSON, and ties every fault in it to its line and column. */
import { resolve } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { BnncError, fail, type Problem, type Where } from '../errors.js';
import { checkSource, fillEmptySections, isMapping, type Finding, type Mapping } from './check.js';
import { showPath, type Path } from './keys.js';
import { duplicateKeys, offsetOf, place } from './locate.js';
import { isSpecial, readBounded } from '../special-file.js';
import { isTableName } from '../table-path.js';
import { describeValue } from '../wording.js';
import { sayDeep, yamlPitfalls, tooDeep } from './yaml-pitfalls.js';
import { call, option, words, type Words } from '../voice.js';

/** A config is a page of text; a file beyond this is something else, most often the table itself. */
const LARGEST_CONFIG = 1 << 20;
/** Aliases are fine; a file that multiplies itself through them is not. */
const MAX_ALIASES = 100;

/** A parsed file: its content as plain values, the faults found so far, and the place of each path in the text. */
export interface ConfigText {
  /** The file's name as the person typed it. */
  name: string;
  value: Mapping;
  problems: Problem<Words>[];
  report(finding: Finding): Problem<Words>;
}

const IS_IT_THE_TABLE = words`If it is the table, give it as ${option('data')}.`;

/**
 * Reads and checks a config file. `name` is relative to `cwd`. Faults of content are collected in `problems`.
 * @throws BnncError `config.missing-file`, `config.unreadable`
 */
export const loadConfigFile = async (name: string, cwd: string): Promise<ConfigText> =>
  parseConfig(await textOf(name, cwd), name);

/** A file of the same forms that is no config. Keys that stand there twice are among the problems. @throws as loadConfigFile */
export async function readSource(name: string, cwd: string): Promise<Omit<SourceText, 'duplicates'>> {
  const { duplicates, ...source } = parseSource(await textOf(name, cwd), name);
  const twice = duplicates().map(({ code, path, at, text }): Problem<Words> =>
    ({ code, message: `${showPath(path)}: ${text}`, where: source.whereIs(path, at) }));
  return { ...source, problems: [...source.problems, ...twice] };
}

async function textOf(name: string, cwd: string): Promise<string> {
  const path = resolve(cwd, name);
  const unreadable = (reason: string, hint?: Words) => fail('config.unreadable', reason, { hint, where: { file: name } });
  try {
    const bytes = await bytesOf(path);
    if (bytes.length > LARGEST_CONFIG) {
      throw unreadable(`more than ${LARGEST_CONFIG} bytes are too many for a config`, IS_IT_THE_TABLE);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof BnncError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const hint = words`\`${call('init', { target: 'y', out: 'FILE' }, 'data.csv')}\` writes one.`;
      throw fail('config.missing-file', 'no such config file', { hint, where: { file: name } });
    }
    if (code === 'EISDIR') throw unreadable('is a folder, not a config file');
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw unreadable('is not UTF-8 text', 'Save it as UTF-8.');
    if (code === 'EMFILE') throw error;
    throw unreadable(`cannot be read (${code ?? String(error)})`);
  }
}

/** What a shell gives as `<(command)`: it cannot be read twice, and a command may ask for its config more than once. */
const SUBSTITUTED = /^\/(dev|proc\/self)\/(fd\/\d+|stdin)$/;
const fromPipes = new Map<string, Promise<Buffer>>();

function bytesOf(path: string): Promise<Buffer> {
  if (!SUBSTITUTED.test(path) || !isSpecial(path)) return readBounded(path, LARGEST_CONFIG);
  const known = fromPipes.get(path) ?? readBounded(path, LARGEST_CONFIG);
  fromPipes.set(path, known);
  return known;
}

/** A parsed text, before anything is asked of its keys. */
interface SourceText {
  /** Empty where there are problems. */
  value: Mapping;
  problems: Problem<Words>[];
  /** The place of a path. @param at key, value, or what is missing below it */
  whereIs(path: Path, at?: Finding['at']): Where;
  /** Keys that stand there twice. */
  duplicates(): Finding[];
}

/** Parses and checks the text of a config; JSON when the name ends in `.json`, else YAML. */
export function parseConfig(text: string, name: string): ConfigText {
  const { value: content, problems, whereIs, duplicates } = parseSource(text, name);
  const report = ({ code, path, at, text: what, hint, meant }: Finding): Problem<Words> => {
    const sibling = meant && meant.slice(0, -1).join('.') === path.slice(0, -1).join('.');
    const word = meant && (sibling ? meant.at(-1) : meant.join('.'));
    const message = path.length ? `${showPath(path)}: ${what}` : what;
    return { code, message, hint: word ? `Did you mean '${word}'?` : hint, where: whereIs(path, at) };
  };
  if (problems.length > 0) return { name, value: {}, problems, report };
  const value = fillEmptySections(content) as Mapping;
  const findings = [...duplicates(), ...checkSource(value)];
  return { name, value, problems: inTextOrder(findings.map(report)), report };
}

/** Parses YAML or JSON that has to be a mapping. */
function parseSource(text: string, name: string): SourceText {
  const deep = tooDeep(text, name);
  const lines = new LineCounter();
  const json = /\.json$/i.test(name);
  const doc = parseDocument(deep ? '' : text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: !json,
    schema: json ? 'json' : 'core',
  });
  const placeOf = (offset: number): Where => place(text, name, lines, offset);
  const whereIs: SourceText['whereIs'] = (path, at) => placeOf(offsetOf(doc, path, at ?? 'value'));
  const duplicates = (): Finding[] => duplicateKeys(doc.contents, lines);
  const refused = (problems: Problem<Words>[]): SourceText => ({ value: {}, problems, whereIs, duplicates });

  const syntax = deep ? [deep] : syntaxProblems(doc, json, placeOf);
  if (syntax.length) return refused(syntax);
  let content: unknown;
  try {
    const pitfalls = yamlPitfalls(doc, placeOf);
    if (pitfalls.length) return refused(pitfalls);
    content = doc.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const reason = (error as Error).message;
    const message = /excessive alias/i.test(reason) ? 'its aliases (*name) multiply without limit' : sayDeep(reason);
    return refused([{ code: 'config.syntax', message, where: { file: name } }]);
  }
  return isMapping(content) ? { value: content, problems: [], whereIs, duplicates } : refused([notMapping(content, name)]);
}

const inTextOrder = (problems: Problem<Words>[]): Problem<Words>[] =>
  [...problems].sort(({ where: a }, { where: b }) => a!.line! - b!.line! || a!.column! - b!.column!);

function notMapping(content: unknown, name: string): Problem<Words> {
  const where = { file: name };
  if (content === null || content === undefined) {
    return { code: 'config.empty', message: 'the file has no content', hint: words`\`${call('init')}\` writes a commented config.`, where };
  }
  let hint: Words | undefined;
  if (isTableName(name)) hint = IS_IT_THE_TABLE;
  else if (typeof content === 'string' && /^\w+:\S/.test(content)) hint = 'Put a space after the colon.';
  const message = `expected sections (data, model, prior, train, inclusion, search), got ${describeValue(content)}`;
  return { code: 'config.not-a-mapping', message, hint, where };
}

const REMEDIES: Record<string, string> = {
  BAD_SCALAR_START: 'Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Check the indentation of this line and the next.',
  MULTIPLE_DOCS: 'A file may have only one config: remove this line and everything below it.',
  TAB_AS_INDENT: 'Indent with spaces.',
};

/** One fault a line: what follows on the same line is mostly a consequence. */
function syntaxProblems(doc: Document, json: boolean, whereIs: (offset: number) => Where): Problem<Words>[] {
  const problems = new Map<number, Problem<Words>>();
  for (const { code, message, pos } of [...doc.errors, ...doc.warnings]) {
    const where = whereIs(pos[0]);
    if (problems.has(where.line!)) continue;
    const scalar = json ? /^Unresolved plain scalar (".*")$/s.exec(message)?.[1] : undefined;
    const text = scalar ? `not valid JSON from here on: ${(JSON.parse(scalar) as string).slice(0, 30)}` : message;
    const hint = scalar ? 'Is a quote, comma or bracket missing, or is it a comment?' : REMEDIES[code];
    const said = code === 'MULTIPLE_DOCS' ? 'a second document' : sayDeep(text);
    problems.set(where.line!, { code: 'config.syntax', message: said, hint, where });
  }
  return [...problems.values()];
}
