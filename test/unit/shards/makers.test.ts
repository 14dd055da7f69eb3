import { describe, expect, it } from 'vitest';
import { differences } from '../../../src/shards/makers.js';
import type { Maker } from '../../../src/shards/part.js';

const plan = { engine: { name: 'tensorflow', threads: 2 } };
const maker = (own: Partial<Maker> = {}): Maker => ({ engine: 'tensorflow', threads: 2, processor: 'A', ...own });

describe('what makes that digits may differ', () => {
  it('is nothing where all results are made alike', () => {
    expect(differences(plan, [maker(), maker()])).toEqual([]);
    expect(differences(plan, [])).toEqual([]);
  });

  it.each([
    ['processors', { processor: 'B' }, 'several processors (A; B)'], ['numbers of threads', { threads: 1 }, 'several numbers of threads (2; 1)'],
    ['engines', { engine: 'wasm' }, 'several engines (tensorflow; wasm)'],
  ])('is told of %s', (_, own, said) => {
    expect(differences(plan, [maker(), maker(own), maker()])[0]).toContain(said);
  });

  it('is told of results that are alike, and of another engine than the plan', () => {
    const wasm = maker({ engine: 'wasm' });
    expect(differences(plan, [wasm, wasm])).toEqual(['the plan was made for the engine tensorflow']);
  });
});
