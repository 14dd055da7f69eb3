/** What a person should know of the folds before they are learnt from. */
import type { Config } from '../../config/schema.js';
import { isExpected, type Folds } from '../../data/index.js';
import { FEW_STEPS, type TrainingPlan } from '../../train/plan.js';
import type { Encoder } from '../../types.js';

type Tell = (text: string) => void;

/** The keys of the config that are set and have no part in a cross-validation. */
export function tellUnused({ data: { split: { testFile } }, train: { warm } }: Pick<Config, 'data' | 'train'>, tell: Tell): void {
  if (warm !== null) tell('cv does not use train.warm, because that run may have learned from rows that are held out here');
  if (testFile !== null) tell('cv does not use data.split.testFile, because it holds out every row of data.path once');
}

/** A schedule too short for the probabilities to be worth much. */
export function tellFewSteps({ steps }: Pick<TrainingPlan, 'steps'>, tell: Tell): void {
  if (steps < FEW_STEPS) tell(`${steps} steps are probably too few for the gates to converge; train.epochs=auto uses about 4000`);
}

/** Classes that some folds are without. */
export function tellRare({ rare }: Pick<Folds, 'rare'>, k: number, tell: Tell): void {
  for (const { level, rows } of rare) {
    tell(`class '${level}' has ${rows === 1 ? 'one row' : `${rows} rows`}: ${k - rows} of ${k} folds have none of it`);
  }
}

/** Inputs that some or all folds do without, one note for each and reason. */
export function tellLeftOut(encoders: readonly Encoder[], tell: Tell): void {
  const counts = new Map<string, number>();
  for (const { name, reason } of encoders.flatMap(({ dropped }) => dropped)) {
    if (isExpected(reason)) continue;
    const text = `${reason}\0${name}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  for (const [text, count] of counts) {
    const [reason, name] = text.split('\0');
    const where = count === encoders.length ? '' : ` in ${count} of ${encoders.length} folds`;
    tell(`input '${name}' is left out${where}: ${reason}`);
  }
}
