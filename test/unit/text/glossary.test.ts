import { describe, expect, it } from 'vitest';
import { explain, glossary, type ExplainedKey, type GlossaryEntry } from '../../../src/api/explain.js';
import { leafKeys } from '../../../src/config/keys.js';
import { runModels } from '../../../src/text/run-models.js';
import type { RunMetrics } from '../../../src/work/run-metrics.js';

const folded = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

describe('the glossary', () => {
  it('has each name once, and points only to words that it has', () => {
    const names = glossary().flatMap(({ word, also }) => [word, ...also]).map(folded);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    const words = new Set(glossary().map(({ word }) => word));
    expect(glossary().flatMap(({ see }) => see.filter((word) => !words.has(word)))).toEqual([]);
  });

  it('explains the rows of every table of metrics', () => {
    const model = { splits: {}, size: { parameters: 0, nonZero: 0, multiplyAdds: 0 } };
    const names = ['baseline', 'linear', 'dense', 'variational', 'full', 'median'];
    const all = Object.fromEntries(names.map((name) => [name, model])) as unknown as RunMetrics;
    for (const [name] of runModels(all, 'test')) expect((explain(name) as GlossaryEntry).text.length).toBeGreaterThan(20);
  });

  it('finds a word in any case, and by another name', () => {
    expect((explain('credible-SET') as GlossaryEntry).word).toBe('credible set');
    expect((explain('posterior inclusion probability') as GlossaryEntry).word).toBe('PIP');
  });

  it('explains every config key', () => {
    for (const key of leafKeys()) {
      const found = explain(key) as ExplainedKey;
      expect(found.key).toBe(key);
      expect(found.accepts).not.toBe('');
    }
    expect((explain('data.columns.age.prior') as ExplainedKey).text).toMatch(/prior inclusion probability/i);
  });

  it('names the nearest word where there is none', () => {
    const hinted = { problems: [expect.objectContaining({ hint: "Did you mean 'credible set'?" })] };
    expect(() => explain('credable set')).toThrow(expect.objectContaining(hinted));
    expect(() => explain('train.restart')).toThrow(/there is no word and no config key 'train\.restart'/);
    expect(() => explain('xyzzy')).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});
