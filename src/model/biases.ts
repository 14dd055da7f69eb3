/** Biases of all units: q(b) = N(biasMu, softplus(biasRho)^2) against the prior N(0, 1), without gates. Vectors [K]. */
import * as tf from '@tensorflow/tfjs-core';

export interface BiasBlocks {
  biasMu: tf.Tensor1D;
  biasRho: tf.Tensor1D;
}

/**
 * Gradient of (loss + kl * KL), equation (24) of docs/method.md, given the loss gradient in the biases and twice that in their
 * variances; KL(N(b, s^2) || N(0, 1)) has gradient b and s - 1/s.
 */
export function biasGradient(
  { biasMu, biasRho }: BiasBlocks, sigma: tf.Tensor1D, dBias: tf.Tensor1D, twiceDVariance: tf.Tensor1D, klScale: tf.Scalar,
): BiasBlocks {
  const dSigma = tf.add(tf.mul(twiceDVariance, sigma), tf.mul(klScale, tf.sub(sigma, tf.reciprocal(sigma))));
  return { biasMu: tf.add(dBias, tf.mul(klScale, biasMu)), biasRho: tf.mul(dSigma, tf.sigmoid(biasRho)) };
}
