/**
 * Spike-and-slab weights: moments of w = s gamma v under q and the chain rule back to the variational parameters,
 * KL included, elementwise over all weights of the network at once (vectors of length W).
 *
 *     q(s_i) = Bern(z_i), q(gamma_ij) = Bern(alpha_ij), q(v_ij) = N(mu_ij, sigma_ij^2), g = z alpha
 *     E w = g mu,  Var w = g (sigma^2 + mu^2) - (g mu)^2
 *     KL = sum_i [ KL(z_i || pi) + z_i sum_j ( KL(alpha_ij || rho) + alpha_ij KL(N(mu, sigma^2) || N(0, tau^2)) ) ]
 *
 * (Saha, Liu, Liang, arXiv 2411.00273; gates as in docs/method.md.)
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PriorTensors, Constants } from './constants.js';

/** Variational parameters as blocks of theta; a block is absent when the model has no such gates. */
export interface Blocks {
  mu: tf.Tensor1D;
  rho: tf.Tensor1D;
  alphaLogit?: tf.Tensor1D;
  zLogit?: tf.Tensor1D;
  biasMu: tf.Tensor1D;
  biasRho: tf.Tensor1D;
  logNoise: tf.Tensor1D;
}

/** Moments of the gated weights and the pieces their gradients share; all [W] but z [G]. */
export interface Moments {
  sigma: tf.Tensor1D;
  alpha?: tf.Tensor1D;
  z?: tf.Tensor1D;
  zOfWeight?: tf.Tensor1D;
  /** g = z alpha; absent without any gates, where it is one. */
  gate?: tf.Tensor1D;
  /** E w. */
  mean: tf.Tensor1D;
  /** E v^2 = sigma^2 + mu^2 of the slab. */
  slabSquare: tf.Tensor1D;
  /** Var w. */
  variance: tf.Tensor1D;
}

const times = (a: tf.Tensor1D, b: tf.Tensor1D | undefined): tf.Tensor1D => (b ? tf.mul(a, b) : a);

/** Moments of all weights. `pinned` (scalar 0 or 1) holds every gate open. */
export function moments(blocks: Blocks, pinned: tf.Scalar, constants: Constants): Moments {
  const alpha = blocks.alphaLogit && tf.maximum<tf.Tensor1D>(tf.sigmoid(blocks.alphaLogit), pinned);
  const z = blocks.zLogit && tf.maximum<tf.Tensor1D>(tf.sigmoid(blocks.zLogit), pinned);
  const zOfWeight = z && tf.gather(z, constants.gateOfWeight);
  const gate = alpha && zOfWeight ? tf.mul<tf.Tensor1D>(alpha, zOfWeight) : (alpha ?? zOfWeight);
  const sigma = tf.softplus(blocks.rho);
  const variance = tf.square(sigma);
  if (!gate) return { sigma, mean: blocks.mu, slabSquare: tf.add(variance, tf.square(blocks.mu)), variance };
  const mean = tf.mul<tf.Tensor1D>(gate, blocks.mu);
  const slabSquare = tf.add<tf.Tensor1D>(variance, tf.square(blocks.mu));
  return {
    sigma, alpha, z, zOfWeight, gate, mean, slabSquare,
    variance: tf.sub(tf.mul(gate, slabSquare), tf.square(mean)),
  };
}

/** Gradient of (loss + kl * KL) in theta's weight and gate blocks, given the loss gradient in E w and Var w (both [W]). */
export function weightGradient(
  blocks: Blocks, m: Moments, dMean: tf.Tensor1D, dVariance: tf.Tensor1D,
  klScale: tf.Scalar, prior: PriorTensors, constants: Constants,
): tf.Tensor1D[] {
  const invTau2 = tf.gather(prior.invTau2, constants.layerOfWeight);
  const twice = tf.mul<tf.Tensor1D>(dVariance, 2);
  const klPrecision = tf.mul<tf.Tensor1D>(invTau2, klScale);
  const dMu = tf.add<tf.Tensor1D>(
    tf.add(dMean, m.gate ? tf.mul(twice, tf.sub(blocks.mu, m.mean)) : tf.zerosLike(dMean)),
    tf.mul(klPrecision, blocks.mu),
  );
  const dSigma = tf.sub<tf.Tensor1D>(tf.mul(tf.add(twice, klPrecision), m.sigma), tf.div(klScale, m.sigma));
  const gradient = [times(dMu, m.gate), tf.mul<tf.Tensor1D>(times(dSigma, m.gate), tf.sigmoid(blocks.rho))];
  if (!m.gate) return gradient;

  // d loss / d g, and the slab's own divergence, which an open gate pays.
  const dGate = tf.add<tf.Tensor1D>(
    tf.mul(dMean, blocks.mu),
    tf.mul(dVariance, tf.sub(m.slabSquare, tf.mul(tf.mul(m.mean, blocks.mu), 2))),
  );
  const slabKl = tf.mul<tf.Tensor1D>(
    tf.sub(tf.sub(tf.mul(m.slabSquare, invTau2), 1), tf.log(tf.mul(tf.square(m.sigma), invTau2))), 0.5,
  );
  if (m.alpha) {
    const excess = tf.add<tf.Tensor1D>(tf.sub(blocks.alphaLogit!, tf.gather(prior.edgeLogit, constants.layerOfWeight)), slabKl);
    const dAlpha = tf.add<tf.Tensor1D>(dGate, tf.mul(klScale, excess));
    gradient.push(tf.mul(times(dAlpha, m.zOfWeight), tf.mul(m.alpha, tf.sub(1, m.alpha))));
    if (m.z) {
      const cost = edgeKl(blocks, m, slabKl, prior, constants);
      gradient.push(nodeGradient(blocks, m, dGate, cost, klScale, prior, constants));
    }
  } else {
    gradient.push(nodeGradient(blocks, m, dGate, slabKl, klScale, prior, constants));
  }
  return gradient;
}

/** KL(alpha || rho) + alpha KL(slab), with log alpha = -softplus(-a), log(1 - alpha) = -softplus(a); [W]. */
function edgeKl(blocks: Blocks, m: Moments, slabKl: tf.Tensor1D, prior: PriorTensors, constants: Constants): tf.Tensor1D {
  const a = blocks.alphaLogit!;
  const edgeLogit = tf.gather(prior.edgeLogit, constants.layerOfWeight);
  const logOff = tf.gather(prior.edgeLogOff, constants.layerOfWeight);
  return tf.sub(tf.mul(m.alpha!, tf.add(tf.sub(a, edgeLogit), slabKl)), tf.add(tf.softplus(a), logOff));
}

/** Gradient in the node gates' logits [G]; `cost` [W] is what an edge costs when its node is on. */
function nodeGradient(
  blocks: Blocks, m: Moments, dGate: tf.Tensor1D, cost: tf.Tensor1D,
  klScale: tf.Scalar, prior: PriorTensors, constants: Constants,
): tf.Tensor1D {
  const perWeight = tf.add<tf.Tensor1D>(times(dGate, m.alpha), tf.mul(klScale, cost));
  const perGate = constants.sumOverEdges(perWeight);
  const own = tf.mul<tf.Tensor1D>(klScale, tf.sub(blocks.zLogit!, tf.gather(prior.nodeLogit, constants.layerOfGate)));
  return tf.mul(tf.add(perGate, own), tf.mul(m.z!, tf.sub(1, m.z!)));
}
