/** What an ensemble of a search averages, in words. */
import { plural } from '../wording.js';

/** `the average of 3 structures of the search and the linear model of all inputs`. */
export function ensembleWords({ structures, linear }: { structures: number; linear?: number }): string {
  if (linear === undefined) return structures === 1 ? 'one structure of the search' : `the average of ${structures} structures of the search`;
  const all = 'the linear model of all inputs';
  return structures === 0 ? all : `the average of ${plural(structures, 'structure')} of the search and ${all}`;
}
