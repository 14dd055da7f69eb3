/** The fits of a run as text. */
import type { FitCounts } from '../train/fits.js';
import { listed, plural } from '../wording.js';

/** `4 restarts and 2 linear fits`; `up to 8 restarts, 2 linear fits and the dense reference`. */
export const fitsText = ({ restarts, linearFits, atMost }: FitCounts, reference = false): string => listed([
  `${atMost ? 'up to ' : ''}${plural(restarts, 'restart')}`, ...(linearFits > 0 ? [plural(linearFits, 'linear fit')] : []), ...(reference ? ['the dense reference'] : []),
]);
