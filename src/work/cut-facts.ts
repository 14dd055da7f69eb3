/** What a cut of a finished learning needs beside its posterior. */
import { namedSet } from '../inference/inclusion/sets.js';
import type { CutFacts } from '../inference/prune/cut.js';
import { likelihoodOf } from '../likelihood/index.js';
import type { LinearPart } from '../linear/types.js';
import type { InputInclusion } from '../types.js';
import type { Prepared } from './prepare.js';

export function cutFacts(
  { effects, ridge }: LinearPart, inputs: readonly InputInclusion[], { sets, encoder }: Pick<Prepared, 'sets' | 'encoder'>,
): CutFacts {
  const { x, y } = sets.train!;
  const likelihood = likelihoodOf(encoder.target.task);
  return {
    sets: (effects?.sets ?? []).map((set) => namedSet(set, encoder)), inputs, ridge, x,
    y: likelihood.response(y, likelihood.outputNames(encoder.target).length),
  };
}
