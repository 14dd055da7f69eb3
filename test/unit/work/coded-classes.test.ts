import { describe, expect, it } from 'vitest';
import { fitEncoder, allRows } from '../../../src/data/index.js';
import { inCli } from '../../../src/cli/voice.js';
import { codedClasses } from '../../../src/work/coded-classes.js';
import { dataOptions, read } from '../data/sources.js';

/** What is told of a table of 60 rows whose target goes through `values` again and again. */
async function told(values: string[], more: Parameters<typeof dataOptions>[1] = {}): Promise<string | undefined> {
  const table = await read(`x,y\n${Array.from({ length: 60 }, (_, i) => `${i * 1.5},${values[i % values.length]}\n`).join('')}`);
  const options = dataOptions('y', more);
  const words = codedClasses(fitEncoder(table, allRows(60), options), options);
  return words && inCli(words);
}

describe('a target of few whole numbers', () => {
  it('is reported as read as classes', async () => {
    expect(await told(['3', '1', '2'])).toBe(
      "the numbers 1 to 3 of 'y' are read as 3 classes; --set data.task=regression reads them as amounts");
  });

  it.each<[string, string[], Parameters<typeof dataOptions>[1]]>([
    ['two numbers', ['0', '1'], {}],
    ['words', ['a', 'b', 'c'], {}],
    ['an amount', ['1.5', '2', '4'], {}],
    ['a task in the config', ['1', '2', '3'], { task: 'multiclass' }],
    ['a kind in the config', ['1', '2', '3'], { columns: { y: { kind: 'categorical' } } }],
  ])('is no matter with %s', async (_, values, more) => {
    expect(await told(values, more)).toBeUndefined();
  });
});
