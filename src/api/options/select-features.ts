/** Options of `select-features`. */

import { flag, looseCount, oneOf, probability } from './kinds.js';
import { QUEUE } from './queue.js';
import { COMMON, CSV_SAFE, ENGINE, jobsOption, json, LOG, ON_NOTE, ON_PROGRESS, PROGRESS, representativesOption } from './shared.js';
import { cliOption, flagName, grouped, option, type FlagsOf } from './table.js';

export const SELECT_FEATURES = {
  ...grouped('Rule (one of):', {
    /** Inputs with a posterior inclusion probability (PIP) of at least this; 0.5 is the median probability model. */
    threshold: option(probability, {
      value: '<p>', words: 'inputs with a PIP of at least p', otherwise: '0.5', excludes: ['top', 'fdr'],
    }),
    /** So many inputs, those of the largest PIP. */
    top: option(looseCount, { value: '<k>', words: 'the k inputs with the largest PIP', excludes: ['threshold', 'fdr'] }),
    /** The largest set whose Bayesian false discovery rate is at most this. */
    fdr: option(probability, {
      value: '<q>', words: 'the largest set with a Bayesian false discovery rate of at most q', excludes: ['threshold', 'top'],
    }),
    ...representativesOption(
      `keep the most probable input of a credible set of which none passes; ${flagName('top')} and ${flagName('fdr')} count its effect once`),
  }),
  ...grouped('Check by training again:', {
    /** Inputs that beat their knockoffs, at a false discovery rate of `fdr` (default: 0.1). */
    knockoffs: option(flag, {
      words: `inputs that beat their knockoffs, at the false discovery rate of ${flagName('fdr')}`, otherwise: '0.1',
      excludes: ['threshold', 'top', 'probes'],
    }),
    /** Inputs with a PIP of at least `threshold` (default: 0.5) beside copies with permuted rows. */
    probes: option(flag, {
      words: `inputs by ${flagName('threshold')} beside copies with permuted rows; reports how many copies are included`, excludes: ['top', 'fdr'],
    }),
    ...jobsOption('fits to make at once'),
    ...QUEUE,
    ...LOG,
    ...PROGRESS,
    ...ENGINE,
  }),
  ...grouped('Output:', {
    sets: cliOption(flag, {
      words: `credible sets in place of single inputs, and which of their inputs the rule selects; ${flagName('format')} csv and json, too`,
      excludes: ['knockoffs', 'probes'],
    }),
    format: cliOption(oneOf(['names', 'csv', 'json']), {
      value: '<name>', words: 'names, or a table with PIPs, their spread over fits and the running FDR', default: 'names',
    }),
    ...CSV_SAFE,
    json: { ...json(`the same as ${flagName('format')} json`), implies: { format: 'json' } },
  }),
  ...COMMON,
  ...ON_PROGRESS,
  ...ON_NOTE,
};

export type SelectFeaturesFlags = FlagsOf<typeof SELECT_FEATURES>;
