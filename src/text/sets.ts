/** Credible sets as text. */
import { isAlike } from '../inference/inclusion/sets.js';
import type { Representative } from '../inference/inclusion/representatives.js';
import type { InputSet } from '../types.js';
import { plural } from '../wording.js';

/** Inputs of a set that there is room for in a sentence. */
const MAX_INPUTS = 6;

/**
 * `Perimeter (p 0.98)`; `one of Area, ConvexArea (p 0.61, 0.37; |r| 0.99)`; of inputs that are not alike `one of these 14, and
 * they are not alike (|r| down to 0.02): a, b, ...; p 0.21, 0.11, ...`.
 * @param shown a name as it is to be seen
 */
export function setText({ inputs, purity, source }: InputSet, shown = (name: string): string => name): string {
  const more = inputs.length > MAX_INPUTS ? ', ...' : '';
  const some = inputs.slice(0, MAX_INPUTS);
  const names = `${some.map(({ input }) => shown(input)).join(', ')}${more}`;
  const shares = `p ${some.map(({ probability }) => probability.toFixed(2)).join(', ')}${more}`;
  const r = purityText(purity);
  const found = source === 'network' ? ', in the network alone' : '';
  if (inputs.length === 1) return `${names} (${shares})${found}`;
  if (isAlike({ purity })) return `one of ${names} (${shares}; |r| ${inputs.length > 2 ? `${r} or more` : r})${found}`;
  return `one of these ${inputs.length}, and they are not alike (|r| down to ${r}): ${names} (${shares})${found}`;
}

/**
 * `gene_0765 stands for a set of 14 (PIP 0.41)`; `... for a set of 14 that are not alike`; where it is a set by itself `gene_0765
 * is kept for its effect in the linear part (PIP 0.41)`.
 */
export function representativeText(
  { input, members, pip, purity }: Representative, shown = (name: string): string => name,
): string {
  const told = `(PIP ${pip.toFixed(2)})`;
  if (members === 1) return `${shown(input)} is kept for its effect in the linear part ${told}`;
  return `${shown(input)} stands for a set of ${members}${isAlike({ purity }) ? '' : ' that are not alike'} ${told}`;
}

/** Two digits, three where two would make near twins look the same. */
export const purityText = (purity: number): string => purity.toFixed(purity > 0.99 && purity < 1 ? 3 : 2);

/** Sets that are told after a training. */
const MAX_SETS = 10;
const WIDTH = 80;

/**
 * The sets by their numbers, a line each or, where it is longer than a terminal is wide, some lines; a heading first.
 * @param most how many; the others are counted
 */
export function setLines(sets: readonly InputSet[], most = MAX_SETS): string[] {
  if (sets.length === 0) return [];
  const lines = sets.slice(0, most).flatMap((set, at) => wrapped(`  ${`${at + 1}`.padStart(`${sets.length}`.length)}  ${setText(set)}`, WIDTH, '     '));
  const rest = sets.length - most;
  return [
    sets.length === 1 ? '1 credible set: in it, one input carries an effect (probability 0.95)'
      : `${plural(sets.length, 'credible set')}: in each, one input carries an effect (probability 0.95)`,
    ...lines,
    ...(rest > 0 ? [`  ... and ${rest} more`] : []),
  ];
}

/** Text broken between words into lines of at most `width` characters, where words allow it; all but the first are indented. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += ` ${word}`;
    else lines.push(last < 0 ? word : `${indent}${word}`);
  }
  return lines;
}
