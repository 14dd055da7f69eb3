import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { leafKeys } from '../../src/config/keys.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SRC = join(ROOT, 'src');

/** The way of the data. A folder imports what stands before it; folders on one line import only each other's types. */
const LAYERS = [
  ['errors', 'inputs', 'progress', 'types', 'random', 'suggest', 'wording', 'version', 'rules', 'table-path', 'special-file', 'owner', 'temporary-folder', 'voice', 'steps'],
  ['maths'],
  ['activations'],
  ['likelihood'],
  ['config', 'data'],
  ['simulate'],
  ['linear'],
  ['search'],
  ['model'],
  ['engine'],
  ['train'],
  ['inference'],
  ['export'],
  ['jobs'],
  ['work'],
  ['store', 'text'],
  ['prune', 'predict', 'diagnose', 'select'],
  ['shards'],
  ['queue'],
  ['report'],
  ['api'],
  ['index', 'exported-model', 'parts'],
  ['cli'],
];

interface Import {
  from: string;
  target: string;
  typeOnly: boolean;
}

const slashed = (path: string): string => path.split(sep).join('/');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map(slashed).sort();
const text = (name: string): string => readFileSync(join(SRC, name), 'utf8');
const withoutComments = (code: string): string => code.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

const partOf = (name: string): string => name.split('/')[0].replace(/\.ts$/, '');
const layerOf = (part: string): number => LAYERS.findIndex((layer) => layer.includes(part));

function importsOf(name: string): Import[] {
  const statement = /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g;
  return [...withoutComments(text(name)).matchAll(statement)]
    .map(([, type, fixed, lazy]) => ({ path: fixed ?? lazy, typeOnly: type !== undefined }))
    .filter(({ path }) => path.startsWith('.'))
    .map(({ path, typeOnly }) => ({ from: name, typeOnly, target: join(dirname(name), path).replace(/\.js$/, '.ts') }))
    .map((found) => ({ ...found, target: slashed(found.target) }));
}

const imports = files.flatMap(importsOf);

describe('architecture', () => {
  it('has files and imports to look at', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('every folder has its layer', () => {
    expect(files.map(partOf).filter((part) => layerOf(part) < 0)).toEqual([]);
  });

  it('imports point one way', () => {
    const wrong = imports.filter(({ from, target, typeOnly }) => {
      const [a, b] = [partOf(from), partOf(target)];
      if (a === b) return false;
      return layerOf(a) === layerOf(b) ? !typeOnly && layerOf(a) > 0 : layerOf(a) < layerOf(b);
    });
    expect(wrong).toEqual([]);
  });

  it('cli imports api and words alone', () => {
    const WORDS = ['types', 'errors', 'wording', 'table-path', 'suggest', 'version', 'voice', 'text'];
    const reached = imports.filter(({ from, target }) => partOf(from) === 'cli' && !['cli', 'api', ...WORDS].includes(partOf(target)));
    expect(reached).toEqual([]);
  });

  it('no files import one another in a circle, not for types either', () => {
    const targets = new Map(files.map((name) => [name, imports.filter(({ from }) => from === name)]));
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const { target } of targets.get(from) ?? []) if (!seen.has(target)) reaches(target, seen.add(target));
      return seen;
    };
    expect(files.filter((name) => reaches(name).has(name))).toEqual([]);
  });

  it('imports name files that are there', () => {
    expect(imports.filter(({ target }) => !existsSync(join(SRC, target)))).toEqual([]);
  });

  it('only cli touches process, console and colours', () => {
    // The engine is chosen by the environment, a lock names the process that holds it, and a program need not say where it runs.
    const allowed = ['engine/backend.ts', 'owner.ts', 'api/environment.ts', 'work/worker-entry.ts'];
    const touched = files.filter((name) => partOf(name) !== 'cli' && !allowed.includes(name))
      .filter((name) => /\bprocess\.|\bconsole\.|from '(chalk|cli-progress|commander|node:process)'/
        .test(withoutComments(text(name))));
    expect(touched).toEqual([]);
  });

  it('only cli speaks of flags: what is below names options as data', () => {
    // A variable of the report's style sheet begins like a flag; doctor names a flag of npm, and a browser has its own.
    const others = ['report/print/browser.ts', 'report/style.ts', 'report/plot.ts', 'api/doctor.ts'];
    const speaking = files.filter((name) => partOf(name) !== 'cli' && !others.includes(name))
      .filter((name) => /(^|[^\w-])--[a-z]/m.test(withoutComments(text(name))));
    expect(speaking).toEqual([]);
  });

  it('only likelihood knows one task from another', () => {
    // Conditions, switches, types that leave a task out, and records by task; types.ts lists the targets.
    const named = /'(?:regression|binary|multiclass)'/;
    const keyed = /\b(regression|binary|multiclass)\??:\s[^}]*\b(?!\1)(?:regression|binary|multiclass)\??:\s|Record<Task\b/;
    const knowing = files.filter((name) => partOf(name) !== 'likelihood' && name !== 'types.ts').filter((name) => {
      const code = withoutComments(text(name));
      return named.test(code) || keyed.test(code.replace(/`[^`]*`|'[^']*'/g, '')) || /\.task\s*[!=]==?\s*'(?!auto')/.test(code);
    });
    expect(knowing).toEqual([]);
  });

  it('random numbers come from seeded streams', () => {
    const unseeded = /Math\.random|tf\.(randomNormal|randomUniform|truncatedNormal|multinomial|dropout)\b/;
    expect(files.filter((name) => unseeded.test(withoutComments(text(name))))).toEqual([]);
  });

  it('files stay short', () => {
    expect(files.filter((name) => text(name).split('\n').length > 300)).toEqual([]);
  });
});

describe('error codes', () => {
  const pattern = /'((?:usage|config|data|training|run|interrupted)\.(?!yaml')[a-z0-9-]+)'/g;
  // Keys of the config look like codes, and so does the name of a file.
  const others = new Set([...leafKeys(), 'data.csv', 'data.columns']);
  const found = files.flatMap((name) => [...withoutComments(text(name)).matchAll(pattern)].map(([, code]) => code));
  const inSource = new Set(found.filter((code) => !others.has(code)));
  const rows = () => readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').matchAll(/^\| `([a-z]+\.[a-z0-9-]+)` \|/gm);

  it('are rows of docs/errors.md', () => {
    const documented = new Set([...rows()].map(([, code]) => code));
    expect(inSource.size).toBeGreaterThan(20);
    expect([...inSource].filter((code) => !documented.has(code)).sort()).toEqual([]);
  });

  it('are documented once, and only while they exist', () => {
    const documented = [...rows()].map(([, code]) => code);
    expect(documented.filter((code, index) => documented.indexOf(code) !== index)).toEqual([]);
    expect(documented.filter((code) => !inSource.has(code))).toEqual([]);
  });
});
