/** How the settings of a sweep stand: losses over folds, differences to the best, and which of them no other beats in both. */
import type { SweepPlan } from '../../config/sweep.js';
import type { Metrics } from '../../likelihood/index.js';
import type { NetworkSize } from '../../inference/prune/size.js';
import type { ByModel } from '../cv/fold.js';
import { estimate, type Estimate } from '../cv/summary.js';
import type { Setting } from './trials.js';

/** What is kept of a fold that was learned from. */
export interface FoldOutcome {
  /** Both are counted from 1. */
  repeat: number;
  fold: number;
  models: ByModel<{ metrics: Metrics; size: NetworkSize }>;
  /** Inputs of the pruned model. */
  kept: string[];
}

export interface Standing {
  /** Counted from 1, in the order in which settings were made. */
  trial: number;
  setting: Setting;
  /** How many folds it was measured on. */
  folds: number;
  /** Negative log-likelihood of the held-out rows, nats a row, of the model that is measured and of the pruned one. */
  loss: Estimate;
  prunedLoss: Estimate;
  /** The loss minus that of the best setting, on the folds that both have; 0 of the best itself. */
  behind: Estimate;
  /** The same of the loss of the pruned model. */
  prunedBehind: Estimate;
  /** Of the pruned model, over folds. */
  nonZero: number;
  inputs: number;
  /** Measured on all folds, where no other such setting's pruned model is better and no larger, or smaller and no worse. */
  efficient: boolean;
}

/** A setting and what it came to on the folds that are there, in the order of the folds. */
export interface Tried {
  setting: Setting;
  outcomes: readonly FoldOutcome[];
}

/**
 * From the best to the worst; those that were measured on more folds come first, for they went further.
 * @param tried with at least one fold each
 */
export function standings(tried: readonly Tried[], measure: SweepPlan['measure']): Standing[] {
  const raw = tried.map((each, at) => ({ each, trial: at + 1 })).filter(({ each }) => each.outcomes.length > 0);
  const lossOf = (outcome: FoldOutcome, model = measure): number => outcome.models[model]!.metrics.nll;
  const over = (outcomes: readonly FoldOutcome[], value: (outcome: FoldOutcome) => number): Estimate =>
    estimate(outcomes.map((outcome) => ({ repeat: outcome.repeat, value: value(outcome) })));
  const ranked = raw.map(({ each: { setting, outcomes }, trial }) => ({
    trial, setting, outcomes, folds: outcomes.length, loss: over(outcomes, (outcome) => lossOf(outcome)),
    prunedLoss: over(outcomes, (outcome) => lossOf(outcome, 'pruned')),
    nonZero: over(outcomes, ({ models }) => models.pruned!.size.nonZero).mean,
    inputs: over(outcomes, ({ kept }) => kept.length).mean,
  })).sort((a, b) => b.folds - a.folds || a.loss.mean - b.loss.mean || a.trial - b.trial);
  const best = ranked[0];
  return ranked.map(({ outcomes, ...own }) => ({
    ...own,
    behind: over(outcomes, (outcome) => lossOf(outcome) - lossOf(sameFold(best.outcomes, outcome))),
    prunedBehind: over(outcomes, (outcome) => lossOf(outcome, 'pruned') - lossOf(sameFold(best.outcomes, outcome), 'pruned')),
    efficient: own.folds === best.folds && !ranked.some((other) => other.folds === own.folds && beats(other, own)),
  }));
}

/** The best has at least as many folds, and all settings begin with the same. */
const sameFold = (outcomes: readonly FoldOutcome[], { repeat, fold }: FoldOutcome): FoldOutcome =>
  outcomes.find((other) => other.repeat === repeat && other.fold === fold)!;

type Measured = Pick<Standing, 'prunedLoss' | 'nonZero'>;

const beats = (one: Measured, other: Measured): boolean =>
  one.prunedLoss.mean <= other.prunedLoss.mean && one.nonZero <= other.nonZero
  && (one.prunedLoss.mean < other.prunedLoss.mean || one.nonZero < other.nonZero);

/**
 * The setting with the smallest pruned model among those that are less than a standard error of the difference behind the best
 * (Breiman, Friedman, Olshen, Stone 1984, 3.4.3), all folds measured.
 */
export function simplest(standing: readonly Standing[]): Standing {
  const [best] = standing;
  const near = standing.filter(({ folds, behind }) => folds === best.folds && behind.mean <= behind.se);
  return near.reduce((least, each) => (each.nonZero < least.nonZero ? each : least), best);
}
