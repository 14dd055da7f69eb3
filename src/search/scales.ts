/** Scales of the slabs, each a place on a grid with a log-normal prior. */
import type { Likelihood } from '../likelihood/index.js';
import type { Network } from './network.js';

/** Kinds of weights that share a slab. */
export type Kind = 'skip' | 'in' | 'out';
export const KINDS: readonly Kind[] = ['skip', 'in', 'out'];

/** Steps from the centre, by kind. */
export type Scales = Readonly<Record<Kind, number>>;
export const CENTRE: Scales = { skip: 0, in: 0, out: 0 };

const STEP = Math.log(1.6);
export const MOST_STEPS = 6;

/** Standard deviations of the priors of weights. */
export interface Slabs extends Record<Kind, number> {
  bias: number;
  unitBias: number;
}

const NORMAL: Slabs = { skip: 0.5, in: 1, out: 1, bias: 1, unitBias: 1 };
const OTHER: Slabs = { skip: 1, in: 1, out: 1.5, bias: 2.5, unitBias: 1 };

/** What the scales of a table are on its likelihood's scale. */
export function slabsAt({ normal }: Likelihood, scales: Scales): Slabs {
  const centre = normal ? NORMAL : OTHER;
  const slabs = { ...centre };
  for (const kind of KINDS) slabs[kind] = centre[kind] * Math.exp(STEP * scales[kind]);
  return slabs;
}

const places = Array.from({ length: 2 * MOST_STEPS + 1 }, (_, at) => -0.5 * ((at - MOST_STEPS) * STEP) ** 2);
const NORMALISER = Math.log(places.reduce((sum, each) => sum + Math.exp(each), 0));

/** Log prior of one scale; the logarithm's standard deviation is 1. */
export const logScalePrior = (step: number): number =>
  (Math.abs(step) > MOST_STEPS ? -Infinity : -0.5 * (step * STEP) ** 2 - NORMALISER);

/** Whether a network has weights of the kind. */
export const uses = ({ skips, units }: Network, kind: Kind): boolean => (kind === 'skip' ? skips.length : units.length) > 0;

/** Log prior of the scales of the kinds that a network has. */
export const logUsedScales = (network: Network, scales: Scales): number =>
  KINDS.reduce((sum, kind) => sum + (uses(network, kind) ? logScalePrior(scales[kind]) : 0), 0);

/** Log prior of all scales. */
export const logScales = (scales: Scales): number => KINDS.reduce((sum, kind) => sum + logScalePrior(scales[kind]), 0);

/** The scales that matter to a network, as text. */
export const scalesKey = (network: Network, scales: Scales): string =>
  KINDS.map((kind) => (uses(network, kind) ? scales[kind] : '')).join('/');
