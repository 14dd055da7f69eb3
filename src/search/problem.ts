/** A table as the search sees it. */
import { likelihoodOf, outputCount, type Likelihood } from '../likelihood/index.js';
import { designOf } from '../linear/design.js';
import type { LinearProblem } from '../linear/index.js';
import type { Response } from '../types.js';
import type { Widths } from './network.js';

export interface SearchTable extends Widths {
  likelihood: Likelihood;
  rows: number;
  inputs: number;
  /** d encoded columns of n numbers. */
  x: readonly Float64Array[];
  /** For each input the places of its columns. */
  places: readonly (readonly number[])[];
  y: Response;
  /** Where a likelihood that is not normal has its variance; 1 of others. */
  noiseVariance: number;
}

/** What is searched is what the linear part is fitted to. */
export function tableOf({ task, x, y, group, inputs, noiseVariance = 1 }: LinearProblem): SearchTable {
  const { columns, inputs: places, rows } = designOf(x, group, inputs);
  return {
    likelihood: likelihoodOf(task), rows, inputs, x: columns, places, y, outputs: outputCount(y), noiseVariance,
    columns: places.map(({ length }) => length),
  };
}
