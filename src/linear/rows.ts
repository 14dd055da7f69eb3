/** The rows of a table under their likelihood: log p and its derivatives in all outputs at once. */
import { outputCount, type Likelihood, type RowDerivatives } from '../likelihood/index.js';
import type { Response } from '../types.js';

export class Rows implements RowDerivatives {
  readonly count: number;
  readonly outputs: number;
  /** n x K and n x K x K, as {@link at} left them. */
  readonly gradient: Float64Array;
  readonly information: Float64Array;

  /**
   * @param y the likelihood's response; a row of weight w counts w times
   * @param offset n x K: what is added to the outputs before their density is taken
   */
  constructor(
    readonly likelihood: Likelihood, readonly y: Response, readonly noiseVariance = 1, private readonly offset?: Float64Array,
  ) {
    this.count = y.rows;
    this.outputs = outputCount(y);
    this.gradient = new Float64Array(y.rows * this.outputs);
    this.information = new Float64Array(y.rows * this.outputs ** 2);
  }

  /** Sum of log p(y | f) over the rows, f [n, K]; fills the derivatives. */
  at(outputs: Float64Array): number {
    const { likelihood, y, noiseVariance, outputs: K, offset } = this;
    const f = offset ? outputs.map((value, at) => value + offset[at]) : outputs;
    const { weights } = y;
    if (likelihood.allRows) return likelihood.allRows(f, y.data, this, noiseVariance, weights);
    let sum = 0;
    for (let n = 0; n < this.count; n++) {
      const [own, target] = [f.subarray(n * K, (n + 1) * K), y.data.subarray(n * y.cols, (n + 1) * y.cols)];
      const weight = weights ? weights[n] : 1;
      sum += weight * likelihood.logDensity(own, target, noiseVariance);
      const { gradient, hessian } = likelihood.derivatives(own, target, noiseVariance);
      for (let k = 0; k < K; k++) this.gradient[n * K + k] = weight * gradient[k];
      for (let at = 0; at < K * K; at++) this.information[n * K * K + at] = -weight * hessian[at];
    }
    return sum;
  }
}
