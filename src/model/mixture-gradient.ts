/**
 * The gradient of weights under a Gaussian spike (see mixture.ts; derived in docs/method.md, Gradients), elementwise over the
 * weights of a pack.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PackBlocks, PackPrior } from './packing/types.js';
import { trapezoid } from './spike-shape.js';
import type { Moments, PackGradient } from './spike-slab.js';

/** As few as keep the gradient within some hundredths of a nat per standard deviation of q. */
const { nodes: NODES, weight: WEIGHT } = trapezoid(11, 3.5);

/**
 * Gradient of (loss + kl * KL) in mu and rho, equation (23), given the loss gradient in E w and twice that in Var w.
 * `gatesOpen` (scalar 0 or 1) leaves the slab alone.
 */
export function mixtureGradient(
  { mu, rho }: PackBlocks, { sigma }: Moments, dMean: tf.Tensor, twiceDVariance: tf.Tensor, klScale: tf.Scalar,
  prior: PackPrior, gatesOpen: tf.Scalar,
): PackGradient {
  const bump = bumpSlopes(mu, sigma, prior);
  const free = tf.sub(1, gatesOpen);
  const dMu = tf.sub(tf.mul(prior.invTau2, mu), tf.mul(free, bump.mu));
  const dSigma = tf.sub(tf.sub(tf.mul(prior.invTau2, sigma), tf.reciprocal(sigma)), tf.mul(free, bump.sigma));
  return {
    mu: tf.add(dMean, tf.mul(klScale, dMu)),
    rho: tf.mul(tf.add(tf.mul(twiceDVariance, sigma), tf.mul(klScale, dSigma)), tf.sigmoid(rho)),
  };
}

/** Equation (21): d E B / d mu = E B'(w), d E B / d sigma = E B'(w) x, w = mu + sigma x; B'(w) = -curvature w (1 - r(w)). */
function bumpSlopes(mu: tf.Tensor, sigma: tf.Tensor, prior: PackPrior): { mu: tf.Tensor; sigma: tf.Tensor } {
  const total = tf.add(tf.square(sigma), prior.spikeWidth2);
  const shrink = tf.sqrt(tf.div(prior.spikeWidth2, total));
  const shift = tf.div(tf.mul(mu, sigma), total);
  const t = tf.tensor(NODES, [NODES.length, ...mu.shape.map(() => 1)]);
  const x = tf.sub(tf.mul(shrink, t), shift); // (22)
  const w = tf.add(mu, tf.mul(sigma, x));
  const off = tf.sigmoid(tf.sub(prior.spikeOffset, tf.mul(tf.square(w), prior.spikeHalfCurvature)));
  const part = tf.mul(tf.mul(w, off), tf.exp(tf.mul(tf.square(x), -0.5)));
  const factor = tf.mul(tf.mul(shrink, prior.spikeHalfCurvature), -2 * WEIGHT);
  return { mu: tf.mul(factor, tf.sum(part, 0)), sigma: tf.mul(factor, tf.sum(tf.mul(part, x), 0)) };
}
