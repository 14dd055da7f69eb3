/** Contributions of the inputs to predictions, row by row, as columns of the predictions' table. */
import { likelihoodOf } from '../likelihood/index.js';
import { drawModel } from '../inference/predictive/compressed.js';
import { quantile } from '../inference/predictive/dependence.js';
import { average } from '../maths/statistics.js';
import { coalitionsOf, contributions, type Contributions, type Explained } from '../inference/predictive/explain.js';
import { Stream } from '../random.js';
import type { CompressedModel, Matrix, Target } from '../types.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';

export interface ExplainOptions {
  /** Default: 64. */
  draws?: number | undefined;
  /** Probability of the central credible intervals. Default: 0.9. */
  interval?: number | undefined;
}

/** Explains the predictions of one exported model; the draws are made once. */
export class Explainer {
  private readonly networks: CompressedModel[];
  private readonly coalitions: ReturnType<typeof coalitionsOf>;
  private readonly level: number;

  constructor(private readonly model: CompressedModel, { draws = DEFAULT_DRAWS, interval = 0.9 }: ExplainOptions) {
    const stream = Stream.fromSeed('predict');
    this.networks = Array.from({ length: draws }, (_, s) => drawModel(model, stream.split('draw', s)));
    this.coalitions = coalitionsOf(model.encoder.features.length, stream.split('explain'));
    this.level = interval;
  }

  /** `baseline`, then for each input `effect_INPUT`, `effect_INPUT_lower`, `effect_INPUT_upper`. */
  header(): string[] {
    return ['baseline', ...this.model.encoder.features.flatMap(({ name }) =>
      ['', '_lower', '_upper'].map((part) => `effect_${name}${part}`))];
  }

  /**
   * One list of numbers a row, as the header has them: means over the draws and their quantiles. Numeric target: in its own
   * units. Two classes: log-odds of the second. More: log-probability of the row's class, which `classes` names.
   * @param x n x d, encoded by the model's encoder
   */
  rows(x: Matrix, classes: ArrayLike<number>): number[][] {
    const { target, features } = this.model.encoder;
    const { baseline, values }: Contributions = contributions(this.networks, this.coalitions, x, explainedOf(target, classes));
    const { scale, shift } = likelihoodOf(target.task).contributions.units(target);
    const draws = this.networks.length;
    const ofDraws = (of: (draw: number) => number): Float64Array => Float64Array.from({ length: draws }, (_, s) => of(s)).sort();
    return Array.from({ length: x.rows }, (_, n) => {
      const base = average(ofDraws((s) => baseline[s * x.rows + n]));
      return [base * scale + shift, ...features.flatMap((__, f) => {
        const sorted = ofDraws((s) => values[(s * x.rows + n) * features.length + f]);
        return [average(sorted), quantile(sorted, (1 - this.level) / 2), quantile(sorted, (1 + this.level) / 2)]
          .map((value) => withoutDust(value) * scale);
      })];
    });
  }
}

function explainedOf({ task }: Target, classes: ArrayLike<number>): Explained {
  const { contributions: { of } } = likelihoodOf(task);
  return (outputs, row) => of(outputs, classes[row]);
}

/** What is left of sums that cancel is no effect; before it gets a unit, in which any number may be much. */
const withoutDust = (value: number): number => (Math.abs(value) < 1e-12 ? 0 : value);
