/**
 * Representatives of credible sets (docs/method.md, Representatives): where an effect is there for certain but is shared among so
 * many inputs that none of them passes the threshold, one stands for the set. Rules that rank count the effect once.
 */
import type { InputInclusion, InputSet } from '../../types.js';

type Row = Pick<InputInclusion, 'input' | 'pip' | 'pipNetwork'>;

export interface Representative {
  input: string;
  pip: number;
  /** Probability of the set's effect, which counts in place of the PIP. */
  effect: number;
  /** Number of the set, from 1, and of its inputs. */
  set: number;
  members: number;
  /** Smallest absolute correlation between two of them. */
  purity: number;
}

/** Probability of the effect of a set of the linear part; the network's own sets hold an input that it uses. */
export const presence = ({ logBayesFactor = -Infinity }: InputSet): number => 1 / (1 + Math.exp(-logBayesFactor));

/**
 * One input for each set whose effect has a probability of at least the threshold and of which no member is taken: the member of
 * the largest PIP that passes, averaged or in the chosen network, for it is named elsewhere; else the most probable of the set.
 * @param taken names of the inputs that passed
 */
export function representatives(
  sets: readonly InputSet[], inputs: readonly Row[], taken: Iterable<string>, threshold: number,
): Representative[] {
  const [named, rows] = [new Set(taken), new Map(inputs.map((row) => [row.input, row]))];
  const found: Representative[] = [];
  sets.forEach((set, at) => {
    const members = set.inputs.flatMap(({ input }) => rows.get(input) ?? []);
    const effect = presence(set);
    if (effect < threshold || members.length === 0 || members.some(({ input }) => named.has(input))) return;
    const passing = members.filter(({ pip, pipNetwork }) => Math.max(pip, pipNetwork) >= threshold);
    const { input, pip } = passing.length > 0 ? passing.reduce((best, row) => (row.pip > best.pip ? row : best)) : members[0];
    named.add(input);
    found.push({ input, pip, effect, set: at + 1, members: set.inputs.length, purity: set.purity });
  });
  return found;
}

/** The threshold of the commands by default: the input that names a set does not depend on the rule. */
const MEDIAN = 0.5;

/**
 * For rules that rank: one input for each set whose effect is more probable than any of its inputs, the one that the threshold
 * rule would name.
 */
export function leaders(sets: readonly InputSet[], inputs: readonly Row[]): Representative[] {
  const pips = new Map(inputs.map(({ input, pip }) => [input, pip]));
  return representatives(sets, inputs, [], MEDIAN)
    .filter(({ set, effect }) => sets[set - 1].inputs.every(({ input }) => effect > (pips.get(input) ?? 0)));
}

/**
 * What each input counts with: a leader with the probability of its set's effect; another member of such a set with that of
 * mattering apart from this effect, for which it may be told already: 1 - (1 - PIP) / (1 - effect alpha), or 0 where its PIP is
 * less than its share. Any other with its PIP.
 */
export function countedProbabilities(
  sets: readonly InputSet[], inputs: readonly Row[], leading: readonly Representative[],
): Map<string, number> {
  const misses = new Map(inputs.map(({ input, pip }) => [input, 1 - pip]));
  for (const { set, effect } of leading) {
    for (const { input, probability } of sets[set - 1].inputs) {
      const miss = misses.get(input);
      if (miss) misses.set(input, Math.min(1, miss / (1 - effect * probability)));
    }
  }
  const counted = new Map(Array.from(misses, ([input, miss]) => [input, 1 - miss]));
  for (const { input, effect } of leading) counted.set(input, effect);
  return counted;
}
