/**
 * Representatives of credible sets (docs/method.md, Representatives): where an effect is there for certain but is shared among so
 * many inputs that none of them passes the threshold, one stands for the set.
 */
import type { InputInclusion, InputSet } from '../../types.js';

export interface Representative {
  input: string;
  pip: number;
  /** Number of the set, from 1, and of its inputs. */
  set: number;
  members: number;
  /** Smallest absolute correlation between two of them. */
  purity: number;
}

/** Probability of the effect of a set of the linear part; the network's own sets hold an input that it uses. */
const presence = ({ logBayesFactor = -Infinity }: InputSet): number => 1 / (1 + Math.exp(-logBayesFactor));

/**
 * One input for each set whose effect has a probability of at least the threshold and of which no member is taken: the member of
 * the largest PIP that passes, averaged or in the chosen network, for it is named elsewhere; else the most probable of the set.
 * @param taken names of the inputs that passed
 */
export function representatives(
  sets: readonly InputSet[], inputs: readonly Pick<InputInclusion, 'input' | 'pip' | 'pipNetwork'>[], taken: Iterable<string>,
  threshold: number,
): Representative[] {
  const [named, rows] = [new Set(taken), new Map(inputs.map((row) => [row.input, row]))];
  const found: Representative[] = [];
  sets.forEach((set, at) => {
    const members = set.inputs.flatMap(({ input }) => rows.get(input) ?? []);
    if (presence(set) < threshold || members.length === 0 || members.some(({ input }) => named.has(input))) return;
    const passing = members.filter(({ pip, pipNetwork }) => Math.max(pip, pipNetwork) >= threshold);
    const { input, pip } = passing.length > 0 ? passing.reduce((best, row) => (row.pip > best.pip ? row : best)) : members[0];
    named.add(input);
    found.push({ input, pip, set: at + 1, members: set.inputs.length, purity: set.purity });
  });
  return found;
}
