/**
 * Spike-and-slab weights: moments of w = s gamma v under q and the chain rule back to the variational parameters,
 * KL included, elementwise over the weights of a pack (see packing/types.ts).
 *
 *     q(s_i) = Bern(z_i), q(gamma_ij) = Bern(alpha_ij), q(v_ij) = N(mu_ij, sigma_ij^2), g = z alpha
 *     E w = g mu,  Var w = g (sigma^2 + mu^2) - (g mu)^2    equation (12)
 *     KL = sum_i [ KL(z_i || pi) + z_i sum_j ( KL(alpha_ij || rho) + alpha_ij KL(N(mu, sigma^2) || N(0, tau^2)) ) ]
 *
 * (Saha, Liu, Liang, arXiv 2411.00273; gates as in docs/method.md, which derives the equations under Gradients.)
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from './kernels.js';
import type { Pack, PackBlocks, PackPrior, TiedGates } from './packing/types.js';

/** Gradients in the same places. */
export type PackGradient = PackBlocks;

/** Moments of the gated weights and the pieces their gradients share; all over weights. */
export interface Moments {
  sigma: tf.Tensor;
  alpha?: tf.Tensor | undefined;
  zOfWeight?: tf.Tensor | undefined;
  /** g = z alpha; absent without any gates, where it is one. */
  gate?: tf.Tensor;
  /** E w. */
  mean: tf.Tensor;
  /** E v^2 = sigma^2 + mu^2 of the slab. */
  slabSquare: tf.Tensor;
  /** Var w. */
  variance: tf.Tensor;
}

const times = (a: tf.Tensor, b: tf.Tensor | undefined): tf.Tensor => (b ? tf.mul(a, b) : a);

/**
 * Moments of all weights of a pack. `gatesOpen` (scalar 0 or 1) holds every gate open; `z` gives the gates of sources by vector
 * and is absent when the model has none.
 */
export function moments(
  blocks: PackBlocks, gatesOpen: tf.Scalar, pack: Pack, z: ((vector: number) => tf.Tensor1D) | undefined,
  { softplus, variance }: Kernels,
): Moments {
  const alpha = blocks.alphaLogit && tf.maximum(tf.sigmoid(blocks.alphaLogit), gatesOpen);
  const zOfWeight = z && pack.spread(z);
  const gate = alpha && zOfWeight ? tf.mul(alpha, zOfWeight) : (alpha ?? zOfWeight);
  const sigma = softplus(blocks.rho);
  const square = tf.square(sigma);
  const slabSquare = tf.add(square, tf.square(blocks.mu));
  if (!gate) return { sigma, mean: blocks.mu, slabSquare, variance: square };
  const mean = tf.mul(gate, blocks.mu);
  const spread = variance({ gate, mu: blocks.mu, square, slabSquare, mean });
  return { sigma, alpha, zOfWeight, gate, mean, slabSquare, variance: spread };
}

/** The gradient of a pack's weights, and over weights what an edge costs while its source's gate is on. */
export interface WeightGradient {
  gradient: PackGradient;
  /** Absent where sources have no gates. */
  cost?: tf.Tensor;
}

/**
 * Gradient of (loss + kl * KL) in a pack's weights and their own gates, given the loss gradient in E w and twice that in Var w,
 * both over weights.
 */
export function weightGradient(
  blocks: PackBlocks, m: Moments, dMean: tf.Tensor, twiceDVariance: tf.Tensor, klScale: tf.Scalar, prior: PackPrior,
  tied?: TiedGates,
): WeightGradient {
  // The gradients end in a division on purpose: a fusing compiler keeps the result of a division that is read more than
  // once, and computes everything cheaper again in every pass over memory that reads it.
  const unit = tf.reciprocal(klScale);
  const spread = m.gate ? tf.add(dMean, tf.mul(twiceDVariance, tf.sub(blocks.mu, m.mean))) : dMean;
  const dMu = tf.add(tf.mul(spread, unit), tf.mul(prior.invTau2, blocks.mu)); // (13)
  // sigma d loss / d sigma, equation (14)
  const dLogSigma = tf.sub(tf.mul(tf.add(twiceDVariance, tf.mul(prior.invTau2, klScale)), tf.square(m.sigma)), klScale);
  const gradient = {
    mu: tf.div(times(dMu, m.gate), unit),
    rho: tf.div(tf.mul(times(dLogSigma, m.gate), tf.sigmoid(blocks.rho)), m.sigma), // (15)
  };
  if (!m.gate) return { gradient };

  // d loss / d g, equation (16), and the slab's own divergence (17), which an open gate pays.
  const half = tf.mul(m.slabSquare, 0.5);
  const dGate = tf.add(tf.mul(dMean, blocks.mu), tf.mul(twiceDVariance, tf.sub(half, tf.mul(m.mean, blocks.mu))));
  const slabKl = tf.sub(tf.sub(tf.mul(half, prior.invTau2), tf.log(m.sigma)), prior.slabConstant);
  if (!m.alpha) return { gradient, cost: tf.add(dGate, tf.mul(klScale, slabKl)) };
  const a = blocks.alphaLogit!;
  const ofEdge = tf.add(tf.mul(dGate, unit), slabKl);
  const ofGate = tf.sub(a, prior.edgeLogit);
  const whole = (edges: tf.Tensor, gate: tf.Tensor): tf.Tensor => tf.mul(m.alpha!, tf.div(tf.add(edges, gate), unit));
  const closed = tf.sub(1, m.alpha);
  const open = whole(tied ? tied.sum(ofEdge) : ofEdge, ofGate);
  const alphaLogit = tf.mul(times(open, m.zOfWeight), closed); // (18), summed over the edges of a gate
  if (!m.zOfWeight) return { gradient: { ...gradient, alphaLogit } };
  // Equation (19). KL(alpha || rho) = alpha (a - logit rho) + log(1 - alpha) - log(1 - rho), where log(1 - alpha) is
  // -softplus(a), whose logarithm is that of a number between 1/2 and 1.
  const minusLogOff = tf.sub(tf.relu(a), tf.log(tf.maximum(m.alpha, closed)));
  const gateLog = tf.mul(klScale, tf.add(minusLogOff, prior.edgeLogOff));
  const cost = tied ? tf.sub(whole(ofEdge, tf.mul(ofGate, tied.share)), tf.mul(gateLog, tied.share)) : tf.sub(open, gateLog);
  return { gradient: { ...gradient, alphaLogit }, cost };
}
