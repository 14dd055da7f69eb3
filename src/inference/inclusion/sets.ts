/** Credible sets of inputs by name: those of the linear part, then those of the network (docs/method.md, Credible sets). */
import type { CredibleSet } from '../../linear/types.js';
import type { Encoder, InputSet, Matrix, Posterior, RowFacts } from '../../types.js';
import { prune } from '../prune/prune.js';
import type { Pips } from '../prune/masks.js';
import { networkSets } from './network-sets.js';

/** Inputs of a set of smaller purity are not alike: no one of them stands for the others. */
export const ALIKE = 0.5;

export const isAlike = ({ purity }: Pick<InputSet, 'purity'>): boolean => purity >= ALIKE;

export interface SetFacts extends RowFacts {
  encoder: Encoder;
  /** Of the linear part; none where it was left out. */
  linear: readonly CredibleSet[];
  /** The chosen network. */
  posterior: Posterior;
  pips: Pips;
  /** Training rows: x [n, d], and y [n] encoded. */
  x: Matrix;
  y: Float32Array;
}

/**
 * The sets of the linear part, by descending Bayes factor; then one for each input of the median probability model that is in
 * no set of the linear part whose inputs are alike.
 */
export function findSets({ encoder, linear, posterior, pips, ...rows }: SetFacts): InputSet[] {
  const named = linear.map((set) => namedSet(set, encoder));
  const covered = new Set(named.filter(isAlike).flatMap(({ inputs }) => inputs.map(({ input }) => input)));
  const { model } = prune(posterior, pips, encoder, { threshold: 0.5, level: 'all' });
  return [...named, ...networkSets(model, { encoder, ...rows }, covered)];
}

/** A set of the linear part with the names of its inputs. */
export const namedSet = ({ inputs, probabilities, purity, logBayesFactor }: CredibleSet, { features }: Encoder): InputSet => ({
  source: 'linear',
  inputs: inputs.map((input, at) => ({ input: features[input].name, probability: probabilities[at] })),
  purity, logBayesFactor,
});

/** Numbers of the sets, from 1, that an input is in. */
export const setsWith = (sets: readonly InputSet[], input: string): number[] =>
  sets.flatMap(({ inputs }, at) => (inputs.some((member) => member.input === input) ? [at + 1] : []));
