/** Inputs that are alike, and the probability that one of them is in (docs/method.md, Calibration). */
import { closest } from '../../linear/credible-set.js';
import { designOf } from '../../linear/design.js';
import type { InputInclusion, InputSet, Matrix } from '../../types.js';
import { presence } from './representatives.js';

/**
 * Groups of which every two inputs correlate by more than `least` in absolute value, by complete linkage: the closest inputs
 * come together first. Inputs that are in no group of two or more are left out. Inputs are named by their places in the encoder,
 * ascending.
 * @param x rows [n, d]
 * @param columnInputs d: the input that each column belongs to
 */
export function groupsOf(x: Matrix, columnInputs: Int32Array, inputs: number, least: number): number[][] {
  const design = designOf(x, columnInputs, inputs);
  const near: [r: number, a: number, b: number][] = [];
  const linked = Array.from({ length: inputs }, () => new Set<number>());
  for (let a = 0; a < inputs; a++) {
    for (let b = 0; b < a; b++) {
      const r = closest(design, a, b);
      if (!(r > least)) continue;
      near.push([r, a, b]);
      linked[a].add(b);
      linked[b].add(a);
    }
  }
  const groups = Array.from({ length: inputs }, (_, input) => [input]);
  for (const [, a, b] of near.sort(([one], [other]) => other - one)) {
    const [mine, others] = [groups[a], groups[b]];
    if (mine === others || !mine.every((input) => others.every((other) => linked[input].has(other)))) continue;
    mine.push(...others);
    for (const input of others) groups[input] = mine;
  }
  return [...new Set(groups)].filter(({ length }) => length > 1).map((group) => group.sort((a, b) => a - b));
}

/**
 * The probability that at least one of the inputs is in. Those that share a credible set explain one effect in turn, so their
 * PIPs add up; where the linear part has the effect itself as more probable than that, its probability counts. What is left is
 * taken for independent: 1 - prod (1 - p).
 * @param sets of all inputs
 */
export function groupPip(group: readonly Pick<InputInclusion, 'input' | 'pip'>[], sets: readonly InputSet[]): number {
  const names = new Set(group.map(({ input }) => input));
  let blocks = group.map(({ input, pip }) => ({ inputs: new Set([input]), pip }));
  for (const set of sets) {
    const members = set.inputs.filter(({ input }) => names.has(input));
    const joined = blocks.filter((block) => members.some(({ input }) => block.inputs.has(input)));
    if (joined.length === 0) continue;
    const share = members.reduce((sum, { probability }) => sum + probability, 0);
    const pip = Math.min(1, Math.max(share * presence(set), joined.reduce((sum, block) => sum + block.pip, 0)));
    const block = { inputs: new Set(joined.flatMap((each) => [...each.inputs])), pip };
    blocks = [...blocks.filter((each) => !joined.includes(each)), block];
  }
  return 1 - blocks.reduce((out, { pip }) => out * (1 - pip), 1);
}
