/** Feature selection from a run. */

import { selectFeatures as selectInputs, type SelectedInput, type SelectionRule } from '../inference/inclusion/select.js';
import { countedProbabilities, leaders, representatives, type Representative } from '../inference/inclusion/representatives.js';
import { setsWith } from '../inference/inclusion/sets.js';
import { readInputPips, readSets } from '../store/parts.js';
import type { CheckedInput, NullCheck } from '../select/null-check.js';
import type { NullKind } from '../select/null-inputs.js';
import type { Job } from '../shards/plan.js';
import type { RunFolder } from '../store/open.js';
import type { InputInclusion, InputSet } from '../types.js';
import { checked } from './options/check.js';
import { SELECT_FEATURES } from './options/select-features.js';
import type { OptionsOf } from './options/table.js';
import { engineOf, folderOf } from './environment.js';
import { jobOf } from './plan-units.js';
import { refuseBesideQueue, throughQueue } from './through-queue.js';
import { runOf, type RunSource } from './run.js';
import { representativeText } from '../text/sets.js';
import { NOT_FOUND, rangeOf } from '../text/input-verdict.js';
import { telling } from '../voice.js';
import { listed } from '../wording.js';

type AnyOptions = OptionsOf<typeof SELECT_FEATURES>;

/**
 * The rule: one of `threshold`, `top` and `fdr`; without any, the inputs with a PIP of at least 0.5. `onNote` is told that
 * nothing passes, and how far the best is from it, and of inputs on which the fits disagree.
 */
export type SelectFeaturesOptions =
  Omit<AnyOptions, 'knockoffs' | 'probes' | 'engine' | 'jobs' | 'onProgress'> & { knockoffs?: false; probes?: false };

/** Selection by training again, beside copies of the inputs that the target knows nothing of. */
export type CheckFeaturesOptions = Omit<AnyOptions, 'knockoffs' | 'probes' | 'threshold' | 'fdr' | 'top' | 'onNote'> & (
  /** Inputs that beat their knockoffs, at a false discovery rate of `fdr` (default: 0.1). */
  | { knockoffs: true; probes?: false; fdr?: number }
  /** Inputs with a PIP of at least `threshold` (default: 0.5) beside copies with permuted rows. */
  | { probes: true; knockoffs?: false; threshold?: number }
);

/** A selected input. */
export interface SelectedFeature extends SelectedInput {
  /** Numbers of the credible sets that it is in, from 1; absent in runs of versions that did not look for sets. */
  sets?: number[];
  /**
   * The set, by its number, for which this input stands, with the number of its inputs. The probability of its `effect` counts
   * in place of the PIP: for a threshold where no input of the set passes, else where it is more probable than any of them.
   */
  represents?: Pick<Representative, 'set' | 'members' | 'effect'>;
}

/** A credible set, and what the rule has to say of its inputs. */
export interface SelectedSet extends Omit<InputSet, 'inputs'> {
  /** By descending probability. */
  inputs: (InputSet['inputs'][number] & { pip: number; selected: boolean })[];
}

/** What a rule selects. */
export interface FeatureSelection {
  /** Path of the run. */
  run: string;
  rule: SelectionRule;
  /** How many inputs there are. */
  candidates: number;
  /** By descending PIP, or what counts in its place. */
  selected: SelectedFeature[];
  /** Credible sets of inputs; absent in runs of versions that did not look for them. */
  sets?: SelectedSet[];
}

/** What a check with knockoffs or probes selects. */
export interface CheckedSelection {
  run: string;
  check: NullKind;
  rule: SelectionRule;
  candidates: number;
  /** How many copies have a PIP of at least the threshold. */
  copiesEntered: number;
  /** Knockoffs: the least W that is selected; null when nothing is. */
  wThreshold?: number | null;
  /** Knockoffs: how far the correlations were drawn to 0. */
  shrinkage?: number;
  /** By descending W. */
  selected: CheckedInput[];
  inputs: CheckedInput[];
}

/**
 * The inputs of a run whose posterior inclusion probability passes a rule, the most probable first, each with the
 * credible sets that it is in, and these sets.
 * @throws {BnncError} `usage.option`, `usage.threshold`, `usage.top`, `usage.fdr`; `run.*` when the run cannot be read;
 *   `interrupted.stopped`
 * @example
 * ```ts
 * const { selected } = await selectFeatures('runs/birds', { fdr: 0.05 });
 * for (const { input, pip } of selected) console.log(input, pip);
 * ```
 * @category Main functions
 */
export function selectFeatures(run: RunSource, options?: SelectFeaturesOptions): Promise<FeatureSelection>;
/**
 * Selection by a check: the run's config is trained again beside null copies of the inputs, which takes as long as the run did.
 * @throws {BnncError} `usage.option`, `usage.fdr`, `usage.knockoffs`; `run.*` when the run or its rows cannot be read;
 *   `training.*`; `interrupted.stopped`
 * @example
 * ```ts
 * const { selected } = await selectFeatures('runs/birds', { knockoffs: true, fdr: 0.2 });
 * ```
 * @category Main functions
 */
export function selectFeatures(run: RunSource, options: CheckFeaturesOptions): Promise<CheckedSelection>;
export async function selectFeatures(run: RunSource, options: AnyOptions = {}): Promise<FeatureSelection | CheckedSelection> {
  checked('selectFeatures', options, SELECT_FEATURES);
  const folder = await runOf(run, options);
  refuseBesideQueue(options, options.knockoffs ? ['jobs', 'shipData'] : ['probes', 'threshold', 'top', 'fdr']);
  return options.knockoffs || options.probes ? byCheck(folder, options) : byRule(folder, options);
}

async function byRule(
  run: RunFolder, { threshold, top, fdr, representatives: representing = true, onNote }: AnyOptions,
): Promise<FeatureSelection> {
  const rule: SelectionRule = top !== undefined ? { top } : fdr !== undefined ? { fdr } : { threshold: threshold ?? 0.5 };
  const inputs = await readInputPips(run);
  const sets = await readSets(run);
  const passing = selectInputs(inputs, rule);
  const { selected, notes } = withRepresentatives(passing, { inputs, sets: representing ? sets ?? [] : [], rule });
  if (selected.length === 0) telling(onNote)(nothingPasses(inputs, rule));
  notes.forEach(telling(onNote));
  const unstable = inputs.filter((row) => row.unstable);
  if (unstable.length > 0) telling(onNote)(`the fits disagree on ${listed(unstable.map((row) => rangeOf(row)))}: another seed may select otherwise`);
  const base = { run: run.path, rule, candidates: inputs.length };
  if (sets === undefined) return { ...base, selected };
  return {
    ...base, selected: selected.map((row) => ({ ...row, sets: setsWith(sets, row.input) })),
    sets: sets.map((set) => judged(set, inputs, selected)),
  };
}

interface Candidates {
  inputs: readonly InputInclusion[];
  sets: readonly InputSet[];
  rule: SelectionRule;
}

/** The selection with an effect of a set counted as one; a note for each input that its PIP alone would not select. */
function withRepresentatives(
  passing: readonly SelectedInput[], { inputs, sets, rule }: Candidates,
): { selected: SelectedFeature[]; notes: string[] } {
  const names = new Set(passing.map(({ input }) => input));
  const standing = 'threshold' in rule ? representatives(sets, inputs, names, rule.threshold) : leaders(sets, inputs);
  const probabilities = 'threshold' in rule ? effectsOf(standing) : countedProbabilities(sets, inputs, standing);
  const represented = new Map(standing.map((each) => [each.input, each]));
  const selected = selectInputs(inputs, rule, ({ input, pip }) => probabilities.get(input) ?? pip).map((row): SelectedFeature => {
    const found = represented.get(row.input);
    return found ? { ...row, represents: { set: found.set, members: found.members, effect: found.effect } } : row;
  });
  const told = selected.flatMap(({ input }) => (names.has(input) ? [] : represented.get(input) ?? []));
  return { selected, notes: told.map((each) => representativeText(each)) };
}

const effectsOf = (standing: readonly Representative[]): Map<string, number> =>
  new Map(standing.map(({ input, effect }) => [input, effect]));

function judged(set: InputSet, all: readonly InputInclusion[], selected: readonly SelectedInput[]): SelectedSet {
  const names = new Set(selected.map(({ input }) => input));
  const pips = new Map(all.map(({ input, pip }) => [input, pip]));
  const inputs = set.inputs.map((member) => ({ ...member, pip: pips.get(member.input) ?? 0, selected: names.has(member.input) }));
  return { ...set, inputs };
}

function nothingPasses(inputs: readonly InputInclusion[], rule: SelectionRule): string {
  const best = Math.max(0, ...inputs.map(({ pip }) => pip));
  return `no input passes (${Object.entries(rule).join(' ').replace(',', ' ')}); the largest PIP is ${Number(best.toPrecision(2))}. ${NOT_FOUND}`;
}

async function byCheck(run: RunFolder, options: AnyOptions): Promise<CheckedSelection> {
  const { knockoffs, fdr = 0.1, threshold = 0.5, jobs, signal, onProgress } = options;
  const check = knockoffs ? 'knockoffs' : 'probes';
  if (options.queue !== undefined) {
    const { job, resolved } = await jobOf('knockoffs', { fdr }, run, folderOf(options));
    const { check: found } = await throughQueue({ job: job as Extract<Job, { what: 'knockoffs' }>, resolved }, options);
    return checkedSelection(run.path, found, { fdr, threshold });
  }
  const { checkNull } = await import('../select/null-check.js');
  const found = await checkNull(run, { kind: check, fdr, threshold, engine: engineOf(options), jobs, signal, onProgress });
  return checkedSelection(run.path, found, { fdr, threshold });
}

/** What a check has found, as a document. @param run its path */
export function checkedSelection(
  run: string, { kind, selected, inputs, copiesEntered, shrinkage }: NullCheck,
  { fdr, threshold }: { fdr: number; threshold: number },
): CheckedSelection {
  const knockoffs = kind === 'knockoffs';
  return {
    run, check: kind, rule: knockoffs ? { fdr } : { threshold }, candidates: inputs.length, copiesEntered,
    ...(knockoffs && { wThreshold: selected.at(-1)?.w ?? null, shrinkage }), selected, inputs,
  };
}
