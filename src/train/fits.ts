/** The fits of a run: the restarts, then the dense reference network. They know nothing of one another. */
import type { StartLogits } from '../model/initial.js';
import type { NetworkShape } from '../model/shape.js';
import type { Gates } from '../types.js';
import { CANDIDATES, linearShape } from './candidates.js';
import type { FitSettings } from './types.js';
import type { Course } from './schedule.js';

export interface FitJob {
  /** `linear`, `half-open`, ..., `restart 1`, ..., `reference`. */
  name: string;
  settings: FitSettings;
  /** The name of its random streams. Default: its own. */
  stream?: string;
  /** The job whose finished posterior it begins beside; none: from its own start. */
  beside?: string;
  /** It is made when all of the waves before are done and the last of them changed the answer. Default: 0. */
  wave?: number;
}

/** Gates as they are asked for: `auto` tries several, and the ELBO chooses. */
export type GatesChoice = Gates | 'auto';

/** What `auto` tries. Node gates alone are trained poorly by matched moments, and no gates tell nothing. */
const TRIED: Gates[] = ['both', 'weight'];

/** How many restarts: a number, or `auto`. */
export type Restarts = number | 'auto';

/** What `auto` stands for where restarts differ in their draws alone. */
const USUAL = 4;
/** Candidates of a wave of `auto`, and the most of them in all. */
const WAVE = 2;
const MOST = 8;

export interface FitsAskedFor {
  gates: GatesChoice;
  spike?: NetworkShape['spike'];
  /** Of each kind of gates; of networks that contain the linear model, beside the linear fits. */
  restarts: Restarts;
  /** Whether the mean-field network of the same shape without gates or spike is fitted too. */
  reference: boolean;
  /** Whether the network has hidden units beside direct edges from the inputs to the outputs. */
  skip?: boolean;
  /** Whether the linear model is fitted beside it, too. Default: yes. */
  linear?: boolean;
}

interface FitName {
  name: string;
  gates: Gates;
  course: Course;
  start?: StartLogits;
  /** A network without hidden layers. */
  linear?: boolean;
  beside?: string;
  stream?: string;
  wave?: number;
}

const REFERENCE = 'reference';

/** Where the two-stage fit begins. */
const LINEAR = 'linear';

/**
 * Starts that differ in more than their random draws find more: of two kinds of gates every second restart learns those of
 * the edges first (docs/decisions/9-starts.md).
 */
const courseOf = (gates: Gates, restart: number): Course => (gates === 'both' && restart % 2 === 1 ? 'edges' : 'whole');

/** Names, gates and courses of the fits. Without gates or spike every restart is a dense network already. */
export function fitNames({ gates, spike = 'dirac', restarts, reference, skip = false, linear: beside = true }: FitsAskedFor): FitName[] {
  const dense = gates === 'none' && spike === 'dirac';
  const [first, ...others] = gates === 'auto' ? TRIED : [gates];
  const each = (kind: Gates, prefix: string): FitName[] => (skip && kind === 'both' ? candidates(restarts)
    : Array.from({ length: restarts === 'auto' ? USUAL : restarts }, (_, r) => ({ name: prefix + restartName(r), gates: kind, course: courseOf(kind, r) })));
  const linear = skip && beside && gates !== 'none' ? linearNames(first) : [];
  const named = [...linear, ...each(first, ''), ...others.flatMap((kind) => each(kind, `${kind} gates, `))];
  return reference && !dense ? [...named, { name: REFERENCE, gates: 'none', course: 'whole' }] : named;
}

/**
 * The linear model with a gate for each input; where edges have gates, too, also the first two fits of `model.hidden: []`, draw
 * by draw: then no run ends below those.
 */
const linearNames = (gates: Gates): FitName[] => [
  { name: LINEAR, gates: gates === 'weight' ? 'weight' : 'node', course: 'whole', linear: true },
  ...(gates === 'both' ? ['linear, edge gates', 'linear, edges first'].map((name, r): FitName =>
    ({ name, gates, course: courseOf(gates, r), linear: true, stream: restartName(r) })) : []),
];

const restartName = (r: number): string => `restart ${r + 1}`;

/** The kinds in turn; the second of a kind differs in its random draws alone. Of `auto` some at a time, as long as it pays. */
const candidates = (count: Restarts): FitName[] => Array.from({ length: count === 'auto' ? MOST : count }, (_, r) => {
  const kinds = Object.keys(CANDIDATES);
  const [kind, round] = [kinds[r % kinds.length], Math.floor(r / kinds.length) + 1];
  const { fromLinear, ...candidate } = CANDIDATES[kind];
  return { name: round === 1 ? kind : `${kind} ${round}`, gates: 'both', ...candidate, ...(fromLinear && { beside: LINEAR }), ...(count === 'auto' && { wave: Math.floor(r / WAVE) }) };
});

export const isReference = ({ name }: Pick<FitJob, 'name'>): boolean => name === REFERENCE;

/** Whether a fit is one of the linear model beside networks that contain it. */
export const isLinear = ({ name }: Pick<FitJob, 'name'>): boolean => name.startsWith(LINEAR);

/** How many fits there are beside the reference. */
export interface FitCounts {
  /** `train.restarts` of each kind of gates. */
  restarts: number;
  /** Of the linear model beside networks that contain it. */
  linearFits: number;
  /** Of planned fits: whether it depends on the first ones how many restarts follow. */
  atMost?: true;
}

/** @param fits all of a run, or all that are planned; in runs of earlier versions they had no names */
export function countFits(fits: readonly { name?: string; wave?: number }[]): FitCounts {
  const of = (holds: (fit: { name: string }) => boolean): number => fits.filter(({ name = '' }) => holds({ name })).length;
  const linearFits = of(isLinear);
  const atMost = fits.some(({ wave = 0 }) => wave > 0);
  return { restarts: fits.length - linearFits - of(isReference), linearFits, ...(atMost && { atMost }) };
}

/** Jobs of a run; `settings.shape` is that of every network but for gates and spike. */
export function fitJobs(settings: FitSettings, asked: FitsAskedFor): FitJob[] {
  return fitNames(asked).map(({ name, gates, course, start, linear, beside, stream, wave = 0 }) => {
    const spike = isReference({ name }) ? 'dirac' : asked.spike;
    const temperature = isReference({ name }) ? 1 : settings.temperature;
    const whole = { ...settings.shape, gates, spike };
    const shape = linear ? linearShape(whole) : whole;
    const own = { ...settings, temperature, course, shape, ...(start && { start }) };
    const job = { name, settings: own, ...(stream && { stream }), ...(wave > 0 && { wave }) };
    return beside === undefined ? job : { ...job, settings: shortened(job.settings), beside };
  });
}

/** A fit of half the length, on the compiled step of the whole one. */
const shortened = (settings: FitSettings): FitSettings =>
  ({ ...settings, epochs: Math.max(1, Math.round(settings.epochs / 2)), wholeEpochs: settings.epochs });
