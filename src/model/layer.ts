/**
 * One spike-and-slab layer under local reparameterisation (Kingma, Salimans, Welling 2015), moment-matched over the gates
 * (docs/method.md, Estimator for training), with its gradient in closed form (docs/method.md, Gradients).
 *
 *     a = H M + b + sqrt(H^2 V + sigma_b^2) * epsilon
 *
 * H [B, d] inputs; M, V [d, k] mean and variance of the gated weights; b, sigma_b^2 [k]; epsilon [B, k] standard normal.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface LayerInput {
  h: tf.Tensor2D;
  mean: tf.Tensor2D;
  variance: tf.Tensor2D;
  bias: tf.Tensor1D;
  biasVariance: tf.Tensor1D;
  epsilon: tf.Tensor2D;
}

/** What the backward pass needs again. */
export interface LayerTrace {
  squares: tf.Tensor2D;
  deviation: tf.Tensor2D;
}

/** Pre-activations a [B, k], equation (6), and the trace for {@link layerBackward}. */
export function layerForward(input: LayerInput): { a: tf.Tensor2D; trace: LayerTrace } {
  const { h, mean, variance, bias, biasVariance, epsilon } = input;
  const squares = tf.square(h);
  const deviation = tf.sqrt(tf.add<tf.Tensor2D>(tf.matMul(squares, variance), biasVariance));
  const a = tf.add<tf.Tensor2D>(tf.add(tf.matMul(h, mean), bias), tf.mul(deviation, epsilon));
  return { a, trace: { squares, deviation } };
}

export interface LayerGradient {
  mean: tf.Tensor2D;
  /** Twice the gradient in the variances, of weights and of biases: the form in which the chain rule goes on. */
  twiceVariance: tf.Tensor2D;
  bias: tf.Tensor1D;
  twiceBiasVariance: tf.Tensor1D;
  /** Gradient in what the layer reads; absent where that is input columns only, and nobody asks. */
  h: tf.Tensor2D | undefined;
}

/** Gradients of a scalar given its gradient da [B, k] in the pre-activations. */
export function layerBackward(da: tf.Tensor2D, input: LayerInput, trace: LayerTrace, wantInputs: boolean): LayerGradient {
  // T of equation (8); the deviation is at least sigma_b > 0.
  const twice = tf.div<tf.Tensor2D>(tf.mul(da, input.epsilon), trace.deviation);
  return {
    mean: tf.matMul(input.h, da, true, false), // (7)
    twiceVariance: tf.matMul(trace.squares, twice, true, false), // (8)
    bias: tf.sum(da, 0), // (7)
    twiceBiasVariance: tf.sum(twice, 0), // (8)
    h: wantInputs // (9)
      ? tf.add<tf.Tensor2D>(
          tf.matMul(da, input.mean, false, true), tf.mul(input.h, tf.matMul(twice, input.variance, false, true)),
        )
      : undefined,
  };
}
