/** What report.json tells of a pruned run. */
import type { Bytes } from '../export/index.js';
import type { ClassFigures, Metrics } from '../likelihood/index.js';
import type { TargetFigures } from '../inference/predictive/evaluate.js';
import type { Ensemble } from '../inference/prune/ensemble.js';
import type { Representative } from '../inference/inclusion/representatives.js';
import type { PruneLevel } from '../inference/prune/masks.js';
import type { PruneReport } from '../inference/prune/prune.js';
import type { LayerBits } from '../inference/prune/quantize.js';
import type { SplitName } from '../work/prepare.js';
import type { CurvePoint, ThresholdChoice } from './curve.js';
import type { TuningReport } from './tune.js';
import { plural, shortNumber } from '../wording.js';
import { option, words, type Words } from '../voice.js';

/** Metrics before and after on the same held-out rows. */
export interface PruneMetrics {
  split: SplitName;
  /** Every row predicted alike; this and the next as far as the run has them. */
  baseline?: Metrics;
  /** The penalised linear model. */
  linear?: Metrics;
  /** The mean-field network without gates, when the run trained one. */
  dense?: Metrics;
  /** The whole spike-and-slab posterior. */
  full?: Metrics;
  /** What is left, averaged over draws of the kept weights. */
  pruned: Metrics;
  /** The same after fine-tuning, if there was any. */
  tuned?: Metrics;
  /** What is left with the dense background, if it was asked for. */
  background?: Metrics;
  /** The exported network of posterior means, or the ensemble. */
  exported: Metrics;
  /** How it predicts the rows of each class; absent for numbers. */
  classes?: ClassFigures[];
  /** How it predicts each of several targets; absent of a single one. */
  targets?: TargetFigures[];
}

/** Content of report.json. */
export interface PruneDocument extends PruneReport {
  schemaVersion: 1;
  bnnc: string;
  run: string;
  threshold: number;
  level: PruneLevel;
  /** How the threshold was chosen, and between what; absent when it was given. */
  choice?: ThresholdChoice & { points: CurvePoint[] };
  /** What passed the threshold. With a background, or the linear model in an ensemble, the network reads the others, too. */
  inputs: { input: string; pip: number; kept?: true | undefined }[];
  /** How many inputs there were. */
  candidates: number;
  /** Present where hidden layers were asked for and a linear fit was chosen; `before` is then the network asked for. */
  linearChosen?: true;
  /** Inputs that stand for a credible set of which none passed; absent where there are none. */
  representatives?: Representative[];
  /** Length of model.onnx before and after. */
  onnxBytes: Bytes;
  /** Absent when nothing was quantized. `tolerance`: largest error of a weight in its posterior standard deviations. */
  quantization?: { tolerance: number; layers: LayerBits[] };
  /**
   * Absent when no background was added. What the network is multiplied by; the parameters that are not zero, without it and with
   * it; and which part of the variance of the outputs on the training rows the `inputs` carry, where these rows could be read.
   */
  background?: { share: number; parameters: { before: number; after: number }; named?: number };
  /** What the exported network averages, in place of the one that was cut; absent when no ensemble was asked for. */
  ensemble?: Omit<Ensemble, 'model'>;
  /** Absent when nothing was fine-tuned. */
  fineTuning?: TuningReport;
  /** Absent when the held-out rows cannot be read again; `noMetrics` says why. */
  metrics?: PruneMetrics;
  noMetrics?: string;
}

/** Fine-tuning follows the training rows; the validation rows may not agree: then a warning, else undefined. */
export function worsening({ fineTuning }: Pick<PruneDocument, 'fineTuning'>): Words | undefined {
  const compared = fineTuning?.validation;
  if (!compared || !(compared.mean > compared.standardError)) return undefined;
  const by = `${shortNumber(compared.mean)} ± ${shortNumber(compared.standardError)}`;
  const rows = plural(compared.rows, 'validation row');
  const worse = `fine-tuning made the model worse: the negative log-likelihood of the ${rows} rose by ${by}`;
  return words`${worse}; without ${option('fineTune')} the model is as it was cut`;
}
