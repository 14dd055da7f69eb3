import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors.js';
import { EXPORT_FILES } from '../../src/export/formats.js';
import { readSafetensors, writeSafetensorsModel } from '../../src/export/index.js';
import * as api from '../../src/index.js';
import type { Representative } from '../../src/inference/inclusion/representatives.js';
import { posteriorToTensors } from '../../src/store/posterior-tensors.js';
import { splitsTable } from '../../src/store/splits.js';
import { inputsTable, nodesTable, setsTable, weightsTable } from '../../src/store/tables.js';
import type { Encoder, Posterior } from '../../src/types.js';
import { layoutLines } from '../../src/store/layout.js';
import { randomCompressed } from '../helpers/random-compressed.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const documents = [
  'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'datasets/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];

const withoutCode = (markdown: string): string => markdown.replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');

/** The name by which a heading is linked to. */
const anchor = (heading: string): string => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
const anchorsOf = (markdown: string): string[] =>
  [...markdown.replace(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));

/** First cells of the tables below a heading, without backticks. */
function firstCells(markdown: string, heading: string): string[] {
  const [, below = ''] = markdown.split(`\n${heading}\n`);
  const rows = below.split(/^#/m)[0].match(/^\| `.*$/gm) ?? [];
  return rows.flatMap((row) => [...row.split(' | ')[0].matchAll(/`([^`]+)`/g)].map(([, name]) => name));
}

describe('every document', () => {
  it('is here', () => {
    for (const name of ['architecture', 'method', 'errors', 'config', 'commands', 'formats', 'api']) expect(documents).toContain(`docs/${name}.md`);
  });

  it.each(documents)('%s: links lead somewhere', (name) => {
    const markdown = read(name);
    const links = [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    const broken = links.filter((link) => !/^https?:/.test(link)).filter((link) => {
      const [path, fragment] = link.split('#');
      const file = path === '' ? join(ROOT, name) : join(ROOT, dirname(name), path);
      if (!existsSync(file)) return true;
      return fragment !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(fragment);
    });
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s: files that it names exist', (name) => {
    const paths = /(?<![\w./-])((?:src|test|scripts|bin|configs|datasets|docs)\/[\w./-]*\w)/g;
    const named = [...read(name).matchAll(paths)].map(([, path]) => path);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('is linked from the README, directly or through an index of its folder', () => {
    const indices = ['docs/decisions', 'docs/benchmarks', 'docs/cookbook'];
    const links = [
      read('README.md'),
      ...indices.map((folder) => read(`${folder}/README.md`).replaceAll('](', `](${folder}/`)),
    ].join('\n');
    const found = ['README.md'];
    expect(documents.filter((name) => !found.includes(name) && !links.includes(`](${name}`))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md');
  const part = (heading: string): string => text.split(`## ${heading}\n`)[1].split(/^## /m)[0];
  const walk = part('The walk');
  const linked = (markdown: string): string[] =>
    [...new Set([...markdown.matchAll(/\]\(\.\.\/(src\/[\w./-]+)\)/g)].map(([, path]) => path))];

  it('passes through every folder of the source', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const before = text.split('## One cell')[0];
    expect(folders.map(({ name }) => name).filter((name) => !linked(before).includes(`src/${name}`))).toEqual([]);
  });

  it('walks by folders and few files', () => {
    expect(linked(walk).filter((path) => path.endsWith('.ts')).length).toBeLessThanOrEqual(28);
  });

  it('follows a cell to its PIP through at most 35 files, each imported by one before', () => {
    const files = [...part('One cell of the CSV to its PIP').matchAll(/^\d+\. \[(src\/[\w./-]+)\]/gm)].map(([, path]) => path);
    expect(files.length).toBeGreaterThan(20);
    expect(files.length).toBeLessThanOrEqual(35);
    const importsOf = (path: string): string[] => [...read(path).matchAll(/(?:from |import\()'(\.[^']+)\.js'/g)]
      .map(([, target]) => `${join(dirname(path), target)}.ts`);
    // Through an index or a registry, which only pass on.
    const reachedFrom = (path: string): string[] => importsOf(path)
      .flatMap((target) => (target.endsWith('/index.ts') ? [target, ...importsOf(target)] : [target]));
    const unreached = files.slice(1)
      .filter((path, n) => !files.slice(0, n + 1).some((earlier) => reachedFrom(earlier).includes(path)));
    expect(unreached).toEqual([]);
  });
});

describe('docs/method.md', () => {
  it('has the sections that comments in the source point to', () => {
    const pointed = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...read(join('src', name)).matchAll(/docs\/method\.md,? "?([A-Z][A-Za-z ]+)/g)].map(([, section]) => section));
    const sections = [...read('docs/method.md').matchAll(/^##+ (.+)$/gm)].map(([, section]) => section);
    expect(pointed.length).toBeGreaterThan(3);
    expect(pointed.filter((section) => !sections.includes(section))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  it('has the exit code of every kind', () => {
    const text = read('docs/errors.md');
    for (const [kind, code] of Object.entries(ERROR_CODES)) expect(text).toMatch(new RegExp(`^\\| ${code} \\| \`${kind}\` \\|`, 'm'));
  });
});

describe('docs/api.md', () => {
  it('names every function that the package exports, and no other', () => {
    const [, table] = read('docs/api.md').split('| part | functions |');
    const named = [...table.split('\n## ')[0].matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(api).sort());
  });

  it('names every field of inputs, of sets and of what stands for sets', () => {
    const [, tables] = read('docs/api.md').split('\n## Inputs, sets and representatives\n');
    const fields: Record<keyof (api.SelectedFeature & api.SelectedSet & Representative), true> = {
      input: true, pip: true, pipNetwork: true, pipMin: true, pipMax: true, mcSe: true, linear: true, nonlinear: true,
      nonlinearSe: true, verdict: true, unstable: true, kept: true, rank: true, fdr: true, sets: true, represents: true,
      source: true, inputs: true, purity: true, logBayesFactor: true, effect: true, set: true, members: true,
    };
    expect(Object.keys(fields).filter((name) => !tables.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('docs/formats.md', () => {
  const formats = read('docs/formats.md');

  it('lists the files of a run as the program has them', () => {
    const lines = formats.split('\n');
    const from = lines.indexOf('|---|---|', lines.indexOf('## The run folder')) + 1;
    expect(lines.slice(from, lines.indexOf('', from))).toEqual(layoutLines());
  });

  const encoder: Encoder = {
    schemaVersion: 1, target: { name: 'y', task: 'regression', mean: 0, scale: 1 }, missing: [], dropped: [],
    features: [{ name: 'x', kind: 'numeric', columns: [{ name: 'x', type: 'number', mean: 0, scale: 1 }] }],
  };
  const posterior: Posterior = {
    task: 'regression', activation: 'silu', gates: 'both', noiseVariance: 1,
    inputs: { z: Float32Array.of(1), prior: 0.1, group: Int32Array.of(0) }, units: [],
    layers: [{
      inputs: 1, outputs: 1, mu: Float32Array.of(1), sigma: Float32Array.of(1), alpha: Float32Array.of(1),
      biasMu: Float32Array.of(0), biasSigma: Float32Array.of(1), prior: { edge: 0.1, tau: 1 },
    }],
  };
  const none = { train: new Int32Array(), validation: new Int32Array(), test: new Int32Array() };

  it.each([
    ['### inclusion/inputs.csv', inputsTable([])],
    ['### inclusion/sets.csv', setsTable([])],
    ['### inclusion/nodes.csv', nodesTable([], [])],
    ['### inclusion/weights.csv', weightsTable(posterior, encoder).split('\n')[0]],
    ['### splits.csv', splitsTable(none).toString()],
  ])('%s has the columns that are written', (heading, header) => {
    expect(firstCells(formats, heading)).toEqual(header.trim().split(','));
  });

  it('names the tensors and metadata of a posterior', () => {
    // The second layer reads the input beside the hidden unit.
    const [layer] = posterior.layers;
    const two = Float32Array.of(1, 1);
    const last = {
      ...layer, inputs: 2, mu: two, sigma: two, alpha: two, sources: Int32Array.of(0, 1),
      earlier: [{ rows: 1, edge: 0.1, tau: 1 }],
    };
    const background = { weight: Float32Array.of(0), bias: Float32Array.of(0), share: 1 };
    const units = [{ z: Float32Array.of(1), prior: 0.1 }];
    const none = new Int32Array(1);
    const list = { from: none, kind: none, column: none, unit: none, output: none, weight: Float32Array.of(0) };
    const one = Float64Array.of(1);
    const average = { structures: { ...list, share: one }, draws: { ...list, noiseVariance: one } };
    const inputs = { ...posterior.inputs, own: [0.5] };
    const { tensors, metadata } = posteriorToTensors({ ...posterior, inputs, units, layers: [layer, last], background, average });
    const named = firstCells(formats, '### posterior.safetensors').map((name) => name.replace('layerL', 'layer2'));
    const written = Object.keys(tensors).filter((name) => name === 'layer1.own_priors' || !name.startsWith('layer1'));
    expect(named.sort()).toEqual(written.sort());
    for (const key of Object.keys(metadata)) expect(formats).toMatch(new RegExp(`^Metadata: .*\`${key}\``, 'm'));
  });
});

describe('docs/formats.md on exports', () => {
  it('names the files of all formats', () => {
    const named = firstCells(read('docs/formats.md'), '## The model folder');
    const others = ['encoder.json', 'model-card.md', 'model-card.json', 'report.json', 'SHA256SUMS'];
    expect(named.sort()).toEqual([...Object.values(EXPORT_FILES).flat(), ...others].sort());
  });

  it('names the tensors of a model', () => {
    // Most weights are pruned, so that the kept ones have an index, and not all columns are read.
    const features = Array<number>(400).fill(1);
    const wide = randomCompressed({ seed: 1, task: 'regression', features, hidden: [], zero: 0.9, skips: true });
    const { tensors } = readSafetensors(writeSafetensorsModel(wide, '0.0.0'), 'a');
    const named = firstCells(read('docs/formats.md'), '### model.safetensors').map((name) => name.replaceAll('L', '0'));
    expect(named.sort()).toEqual(Object.keys(tensors).sort());
  });
});

describe('scripts/picture.mjs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bnnc-picture-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('draws every dot, and colours what is probable', () => {
    mkdirSync(join(folder, 'inclusion'));
    const columns = (name: string) => [{ name }];
    const features = [{ name: 'a<b', columns: columns('a<b') }, { name: 'noise', columns: columns('noise') }];
    writeFileSync(join(folder, 'encoder.json'), JSON.stringify({ features, target: { name: 'y' } }));
    writeFileSync(join(folder, 'inclusion/inputs.csv'), 'input,pip,pip_network,pip_min,pip_max,mc_se\na<b,0.97,0.98,0.9,1,0\nnoise,0.02,0.01,0,0.1,0\n');
    writeFileSync(join(folder, 'inclusion/nodes.csv'), 'layer,node,pip,mc_se\n1,h1.2,0.9,0\n1,h1.1,0.1,0\n1,h1.3,0,0\n');
    const weights = [
      '1,a<b,h1.2,0.9,2,0.1', '1,a<b,h1.1,0.6,1,0.1', '1,noise,h1.2,0.01,0,0.1', '2,h1.2,y,0.95,-1,0.1', '2,h1.1,y,0,0,0',
      '2,a<b,y,0.8,1,0.1', '2,noise,y,0,0,0',
    ];
    writeFileSync(join(folder, 'inclusion/weights.csv'), ['layer,from,to,pip,mean,sd', ...weights, ''].join('\n'));
    const svg = execFileSync(process.execPath, [join(ROOT, 'scripts/picture.mjs'), folder], { encoding: 'utf8' });
    expect(svg).toContain('PIP of at least 0.5: 1 of 2 inputs, 1 of 3 hidden nodes, 3 of 7 weights');
    expect(svg.match(/<circle /g)).toHaveLength(6);
    // a<b to h1.1 is probable, but h1.1 is not.
    expect(svg.match(/<line /g)).toHaveLength(3);
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
    expect(svg).toMatch(/>a&lt;b<.*>0\.97</);
    expect(svg).not.toContain('a<b');
  });
});
