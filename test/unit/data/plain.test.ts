import { describe, expect, it } from 'vitest';
import { readTable } from '../../../src/data/index.js';
import { memory, problemOf, READ } from './sources.js';

describe('a file without quotes, which is read by lines', () => {
  // The same cells with the last one in quotes go through csv-parse from the chunk with the quote on.
  const lines = [' a ,b', '1, x ', '', '2.5,NA', '  ', 'é,y', '-3e2,z'];
  const quoted = [...lines.slice(0, -1), '-3e2,"z"'];

  it.each(['\n', '\r\n', '\r'])('is the table that csv-parse makes, with lines ending in %j', async (end) => {
    for (const size of [1, 2, 3, 7, 1000]) {
      for (const mark of ['', '\ufeff']) {
        for (const last of ['', end]) {
          const [plain, parsed] = await Promise.all([lines, quoted].map((all) =>
            readTable(memory(mark + all.join(end) + last, 'data.csv', size), READ)));
          expect({ ...plain, sha256: '' }).toEqual({ ...parsed, sha256: '' });
          expect(Array.from(plain.lines)).toEqual([2, 4, 6, 7]);
        }
      }
    }
  });

  it.each(['\n', '\r\n'])('names the same line in a complaint, with lines ending in %j', async (end) => {
    for (const size of [1, 5, 1000]) {
      const problems = await Promise.all([['1,2', '3,4,5'], ['"1",2', '3,4,5']].map((rows) =>
        problemOf(() => readTable(memory(['a,b', ...rows].join(end), 'data.csv', size), READ))));
      expect(problems[0]).toEqual(problems[1]);
      expect(problems[0].where?.line).toBe(3);
    }
  });
});
