/** What a cut of a finished learning needs beside its posterior. */
import { namedSet } from '../inference/inclusion/sets.js';
import type { CutFacts } from '../inference/prune/cut.js';
import type { LinearPart } from '../linear/types.js';
import type { InputInclusion } from '../types.js';
import type { Prepared } from './prepare.js';

export function cutFacts(
  { effects, ridge }: LinearPart, inputs: readonly InputInclusion[], { fitData: { x, y }, encoder }: Pick<Prepared, 'fitData' | 'encoder'>,
): CutFacts {
  return {
    sets: (effects?.sets ?? []).map((set) => namedSet(set, encoder)), inputs, ridge, x, y,
  };
}
