/** What a diagnosis looks at, and what it says. */
import type { Config } from '../config/schema.js';
import type { Metrics } from '../likelihood/index.js';
import type { InputInclusion, InputSet, Posterior } from '../types.js';
import type { FitHistory } from '../store/history.js';
import type { ModelMetrics, RunMetrics } from '../work/run-metrics.js';

/** `warning`: results may be wrong, or mean less than they seem to; `note`: what to bear in mind when reading them. */
export type Severity = 'warning' | 'note';

export interface Finding {
  /** Stable name, such as `restarts-disagree` (docs/diagnosis.md). */
  code: string;
  severity: Severity;
  /** What was found, with its numbers. */
  text: string;
  /** What to do about it. */
  remedy: string;
}

/** What was found and what to do, in one line. */
export const findingLine = ({ text, remedy }: Finding): string => `${text}${text.endsWith('...') ? '' : '.'} ${remedy}`;

/** A finished run, as far as a diagnosis goes. */
export interface RunState {
  config: {
    data: Pick<Config['data'], 'classWeights'>; prior: Pick<Config['prior'], 'inclusion'>; train: Pick<Config['train'], 'temperature'>;
  };
  metrics: RunMetrics;
  inputs: readonly InputInclusion[];
  sets: readonly InputSet[];
  history: readonly FitHistory[];
  posterior: Posterior;
  /** Standard deviation of a numeric target on the training rows; 1 for classes. */
  targetScale: number;
}

/** The metrics of a model on rows that it was not trained on: test rows, else validation rows. */
export function heldOutMetrics(model: Pick<ModelMetrics, 'splits'> | undefined): Metrics | undefined {
  return model?.splits.test ?? model?.splits.validation;
}
