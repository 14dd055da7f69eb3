/** The numbers of the README agree with each other; test/cli/readme.test.ts compares them with what the commands print. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stepsOf } from '../cli/transcript.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

const readme = read('README.md');
const [, tour] = readme.split(/^## A tour.*$/m);
const section = tour.split(/^## /m)[0];
const blocks = [...section.matchAll(/^```console\n([^]*?)^```$/gm)].map(([, block]) => block);
/** Sentences of the tour, without the console blocks. */
const sentences = section.replace(/^```[^]*?^```$/gm, '\n\n').split(/(?<=[.:;])\s|\n\n/).map((text) => text.replaceAll('\n', ' '));

const steps = stepsOf(readme);
const shownBy = (start: string): string => steps.find(({ command }) => command.startsWith(start))!.shown.join('\n');
const inspect = shownBy('bnnc inspect');
const train = shownBy('bnnc train');
const select = shownBy('bnnc select-features');
const prune = shownBy('bnnc prune');
const predict = shownBy('bnnc predict');
const evaluate = shownBy('bnnc evaluate');

/** `Area 0.90` in a line of PIPs. */
const pipsOf = (line: string): Map<string, string> =>
  new Map([...line.matchAll(/([A-Z]\w+) (\d\.\d\d)(?=,|$)/g)].map(([, name, pip]) => [name, pip]));
const lineWith = (text: string, words: string): string => text.split('\n').find((line) => line.includes(words))!;
const trainPips = pipsOf(lineWith(train, 'have a PIP of at least 0.5'));
const prunePips = pipsOf(lineWith(prune, 'kept'));

const numbers = (text: string): number[] => [...text.matchAll(/-?\d[\d,]*(?:\.\d+)?/g)].map(([number]) => Number(number.replaceAll(',', '')));
/** The two tables of metrics: below a number of rows a row for each model, which begins with its accuracy as `value ± error`. */
const metricsOf = (text: string): { rows: number; accuracies: [number, number][] } => {
  const rows = numbers(text.split('\n').find((line) => /^\d+ (?:test )?rows/.test(line))!)[0];
  const models = text.split('\n').filter((line) => line.includes(' ± '));
  return { rows, accuracies: models.map(numbers).map(([accuracy, error]): [number, number] => [accuracy, error]) };
};

describe('numbers of the tour', () => {
  it('in the prose stand in a console block', () => {
    const printed = new Set(blocks.join('\n').match(/\d[\d,]*(?:\.\d+)?/g));
    const said = sentences.flatMap((sentence) => sentence.replace(/`[^`]*`|\]\([^)]*\)/g, '').match(/\d[\d,]*\.\d+/g) ?? []);
    expect(said.length).toBeGreaterThan(2);
    expect(said.filter((number) => !printed.has(number))).toEqual([]);
  });

  it('beside the name of an input are its PIPs', () => {
    const named = sentences.filter((sentence) => /`[A-Z]\w+`/.test(sentence) && /\d\.\d\d/.test(sentence));
    expect(named.length).toBeGreaterThan(0);
    for (const sentence of named) {
      const [, name] = /`([A-Z]\w+)`/.exec(sentence)!;
      const pips = sentence.match(/\b\d\.\d\d\b/g)!;
      expect(new Set(pips), sentence).toEqual(new Set([trainPips.get(name), prunePips.get(name)]));
    }
  });

  it('count the same inputs in every step', () => {
    const [selected, candidates] = numbers(lineWith(train, 'have a PIP of at least 0.5'));
    expect([trainPips.size, prunePips.size]).toEqual([selected, selected]);
    // What is left out is a warning.
    const names = select.split('\n').filter((line) => line !== '…').sort();
    expect(names).toEqual([...trainPips.keys()].sort());
    expect(names).toEqual([...prunePips.keys()].sort());
    expect(numbers(lineWith(prune, 'kept')).slice(0, 2)).toEqual([selected, candidates]);
    expect(numbers(lineWith(prune, 'inputs   ')).slice(0, 2)).toEqual([candidates, selected]);
    expect(numbers(lineWith(shownBy('bnnc init'), 'inputs'))[1]).toBe(candidates);
    const [, columns] = numbers(inspect.split('\n')[0]);
    expect(columns).toBe(candidates + 1);
  });

  it('count the same rows in every step', () => {
    const [rows] = numbers(inspect.split('\n')[0]);
    expect(numbers(lineWith(shownBy('bnnc init'), 'rows'))[0]).toBe(rows);
    expect(metricsOf(evaluate).rows).toBe(rows);
    expect(metricsOf(train).rows).toBe(0.2 * rows);
    const [, , ...classes] = numbers(lineWith(inspect, 'Class  '));
    expect(classes.reduce((sum, count) => sum + count)).toBe(rows);
  });

  it('of sizes have the percentages that belong to them', () => {
    const rows = prune.split('\n').filter((line) => line.endsWith(' %'));
    expect(rows.length).toBeGreaterThan(1);
    // The name of a layer has a number of its own.
    for (const [before, after, percent] of rows.map((line) => numbers(line.replace(/^h\d+/, '')))) {
      expect(percent).toBe(Number((100 * after / before).toFixed(1)));
    }
  });

  it.each([['train', train], ['evaluate', evaluate]])('of accuracy are shares of the rows, with their standard errors: %s', (_, text) => {
    const { rows, accuracies } = metricsOf(text);
    expect(accuracies.length).toBeGreaterThan(0);
    for (const [accuracy, error] of accuracies) {
      expect(Math.abs(accuracy * rows - Math.round(accuracy * rows))).toBeLessThan(5e-5 * rows);
      expect(error).toBeCloseTo(Math.sqrt(accuracy * (1 - accuracy) / (rows - 1)), 4);
    }
  });

  it('of class probabilities sum to 1, and the class is the more probable one', () => {
    const [header, ...lines] = predict.split('\n').map((line) => line.split(','));
    expect(lines.length).toBeGreaterThan(0);
    for (const [name, ...probabilities] of lines) {
      const values = probabilities.map(Number);
      expect(values.reduce((sum, value) => sum + value)).toBeCloseTo(1, 6);
      expect(header[1 + values.indexOf(Math.max(...values))]).toBe(`p_${name}`);
    }
  });
});

describe('the picture', () => {
  const svg = read('docs/raisin.svg');
  const [, caption] = /<title>([^<]*)<\/title>/.exec(svg)!;
  const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

  it('has the numbers that its description tells', () => {
    const [, description] = /!\[([^\]]*)\]\(docs\/raisin\.svg\)/.exec(readme)!;
    const [, inputs, allInputs, nodes, allNodes, weights] = numbers(caption);
    const told = description.toLowerCase();
    expect(told).toContain(`${allInputs} inputs, ${allNodes} hidden nodes`);
    expect(told).toContain(`${words[inputs]} inputs, `);
    expect(told).toContain(`${words[nodes]} hidden ${nodes === 1 ? 'node' : 'nodes'} and ${words[weights]} weights are coloured`);
  });

  it('colours the inputs that the tour selects', () => {
    const selected = shownBy('bnnc select-features').split('\n').slice(1);
    const drawn = [...svg.matchAll(/font-weight="600">(\w+)<\/text><text[^>]*>\d\.\d\d</g)].map(([, name]) => name);
    expect(drawn.sort()).toEqual(selected.sort());
  });
});

describe('numbers of docs/benchmarks/README.md', () => {
  it('on compression are those of its page', () => {
    const [, sizes] = read('docs/benchmarks/compression.md').split('## Sizes');
    const rows = sizes.split(/^## /m)[0].match(/^\| \w+ \| \d.*$/gm)!.map((row) => row.split(' | '));
    const fewer = new Map(rows.map((cells) => [cells[0].replace('| ', ''), Number.parseFloat(cells[11])]));
    const { mnist, ...uci } = Object.fromEntries(fewer);
    const told = read('docs/benchmarks/README.md').replaceAll('\n', ' ');
    const [least, most] = [Math.min(...Object.values(uci)), Math.max(...Object.values(uci))];
    expect(told).toContain(`On ${Object.keys(uci).length} UCI tables the exported file had ${least} to ${most} times fewer bytes`);
    expect(told).toContain(`MNIST it had ${mnist} times fewer`);
  });
});
