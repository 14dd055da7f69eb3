/** The fits of a run as text. */
import type { FitCounts } from '../train/fits.js';
import type { SearchFacts } from '../work/run-metrics.js';
import { listed, plural } from '../wording.js';

/** `4 restarts and 2 linear fits`; `up to 8 restarts, 2 linear fits and the dense reference`. */
export const fitsText = ({ restarts, linearFits, atMost }: FitCounts, reference = false): string => listed([
  `${atMost ? 'up to ' : ''}${plural(restarts, 'restart')}`, ...(linearFits > 0 ? [plural(linearFits, 'linear fit')] : []), ...(reference ? ['the dense reference'] : []),
]);

/** `3 chains of 2,325 steps over 1,394 structures`. */
export const searchText = ({ chains, steps: { climb, burn, counted }, structures }: Pick<SearchFacts, 'chains' | 'steps' | 'structures'>): string =>
  `${plural(chains.length, 'chain')} of ${(climb + burn + counted).toLocaleString('en')} steps over ${structures.toLocaleString('en')} structures`;
