/** What the noise of a target is, for programs that have only predictions. */

/**
 * How a target lies about a prediction, the weights being known: what the prediction is of the distribution, and parameters in
 * the target's own units. `sd` of `log-normal` is that of the logarithm; `shape` k of `weibull` is that of P(Y > t) =
 * exp(-(t / scale)^k); the variance of `negative-binomial` is mean + dispersion mean^2.
 */
export type Noise = { prediction: 'mean' | 'median' } & (
  | { distribution: 'normal'; sd: number }
  /** The standard deviation is another output of the model. */
  | { distribution: 'normal'; output: 'noise' }
  | { distribution: 'student'; scale: number; degrees: number }
  | { distribution: 'log-normal'; sd: number }
  | { distribution: 'weibull'; shape: number }
  | { distribution: 'poisson' }
  | { distribution: 'negative-binomial'; dispersion: number });
