// What a training with the search can do without: each way to train leaves out, or adds, one thing of the first.

/**
 * @typedef {object} Variant
 * @property {string} text what differs, in words
 * @property {string[]} [sets] settings of the config
 * @property {boolean} [exchanges] false: the rescue does without exchanges
 * @property {(name: string) => boolean} [fits] which of the fits are made; none: chains begin from credible sets and from nothing
 * @property {number} [seed] of training; default 1
 * @property {boolean} [credible] false: no chain begins from the credible sets
 * @property {number} [steps] of a round, as a share of those of the first variant
 */

const any = () => true;
const isLinear = (name) => name.startsWith('linear');

/** @type {Record<string, Variant>} */
export const VARIANTS = {
  full: { text: 'all: two linear fits, half-open and two-stage, rescue and exchange', fits: any },
  seed: { text: 'the same with another seed', fits: any, seed: 2 },
  rescue: { text: 'no rescue and no exchange', fits: any, sets: ['inclusion.rescues=0'] },
  exchange: { text: 'no exchange', fits: any, exchanges: false },
  half: { text: 'one hidden start: no two-stage fit', fits: (name) => isLinear(name) || name === 'half-open' },
  two: { text: 'one hidden start: no half-open fit', fits: (name) => isLinear(name) || name === 'two-stage' },
  edges: { text: 'one linear fit', fits: (name) => name !== 'linear, edge gates' },
  alone: { text: 'half-open alone: no linear fit, no rescue', fits: (name) => name === 'half-open', sets: ['inclusion.rescues=0'] },
  pair: {
    text: 'half-open alone, and no chain from the credible sets', fits: (name) => name === 'half-open', credible: false,
    sets: ['inclusion.rescues=0'],
  },
  short: {
    text: 'half-open alone, and half the steps a round', fits: (name) => name === 'half-open', steps: 0.5, sets: ['inclusion.rescues=0'],
  },
  linear: { text: 'no hidden start: the linear fits alone, no rescue', fits: isLinear, sets: ['inclusion.rescues=0'] },
  nothing: { text: 'no variational fit at all' },
  four: { text: 'four hidden starts', fits: any, sets: ['train.restarts=4'] },
  temperature: { text: 'temperature by cross-validation', fits: any, sets: ['train.temperature=auto'] },
};

/** Without those that take longest. */
export const USUAL = ['full', 'nothing', 'seed', 'rescue', 'exchange', 'half', 'two', 'alone', 'linear'];
