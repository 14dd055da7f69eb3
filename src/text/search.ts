/** A search over structures as text. */
import { shorten } from '../data/wording.js';
import type { SearchFacts } from '../work/run-metrics.js';
import { listed, plural } from '../wording.js';

/** `3 chains of 2,325 steps over 1,394 structures`. */
export const searchText = (
  { chains, steps: { climb, burn, counted }, structures }: Pick<SearchFacts, 'chains' | 'steps' | 'structures'>,
): string =>
  `${plural(chains.length, 'chain')} of ${count(climb + burn + counted)} steps over ${count(structures)} structures`;

/** What it did, and on what it did not come to an end. */
export function searchLines(found: SearchFacts): string[] {
  const { chains, evidence, units, material, unstable } = found;
  const starts = [...new Set(chains.map(({ start }) => START_WORDS[start] ?? start))];
  return [
    `search: ${searchText(found)}; ${plural(material, 'structure')} ${material === 1 ? 'has' : 'have'} nine tenths of the average`,
    `chains from ${listed(starts)}`,
    `structure that stands for all: ${plural(units, 'unit')}, log evidence ${evidence.toFixed(1)} nats`,
    `unstable inputs: ${unstable.length === 0 ? 'none' : listed(unstable.map((name) => shorten(name)))}`,
  ];
}

const START_WORDS: Record<string, string> = {
  variational: 'variational networks', 'credible sets': 'the credible sets', nothing: 'nothing',
};

const count = (value: number): string => value.toLocaleString('en');
