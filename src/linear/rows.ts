/** The rows of a table under their likelihood: log p and its derivatives in all outputs at once. */
import type { Likelihood, RowDerivatives } from '../likelihood/index.js';
import type { Matrix } from '../types.js';

export class Rows implements RowDerivatives {
  readonly count: number;
  readonly outputs: number;
  /** n x K and n x K x K, as {@link at} left them. */
  readonly gradient: Float64Array;
  readonly information: Float64Array;

  /**
   * @param y n x K, the likelihood's response
   * @param offset n x K: what is added to the outputs before their density is taken
   */
  constructor(
    readonly likelihood: Likelihood, readonly y: Matrix, readonly noiseVariance = 1, private readonly offset?: Float64Array,
  ) {
    this.count = y.rows;
    this.outputs = y.cols;
    this.gradient = new Float64Array(y.rows * y.cols);
    this.information = new Float64Array(y.rows * y.cols * y.cols);
  }

  /** Sum of log p(y | f) over the rows, f [n, K]; fills the derivatives. */
  at(outputs: Float64Array): number {
    const { likelihood, y, noiseVariance, outputs: K, offset } = this;
    const f = offset ? outputs.map((value, at) => value + offset[at]) : outputs;
    if (likelihood.allRows) return likelihood.allRows(f, y.data, this, noiseVariance);
    let sum = 0;
    for (let n = 0; n < this.count; n++) {
      const [own, target] = [f.subarray(n * K, (n + 1) * K), y.data.subarray(n * K, (n + 1) * K)];
      sum += likelihood.logDensity(own, target, noiseVariance);
      const { gradient, hessian } = likelihood.derivatives(own, target, noiseVariance);
      this.gradient.set(gradient, n * K);
      for (let at = 0; at < K * K; at++) this.information[n * K * K + at] = -hessian[at];
    }
    return sum;
  }
}
