/**
 * Observation models p(y | f): Gaussian with learned variance, Bernoulli on a logit, categorical on K logits.
 *
 * Targets come as a matrix y [B, K]: the standardised number, the 0/1 class, or the one-hot class.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Task } from '../types.js';

export interface LikelihoodTerms {
  /** Sum over the batch of log p(y | f), a scalar. */
  logLikelihood: tf.Scalar;
  /** d log p / d f [B, K]. */
  outputGradient: tf.Tensor2D;
  /** d (sum of log p) / d log sigma^2, a vector of length 1; zero without a variance. */
  noiseGradient: tf.Tensor1D;
}

/** log p and its gradients. f [B, K], y [B, K], logNoise [1] = log sigma^2. */
export function likelihood(task: Task, f: tf.Tensor2D, y: tf.Tensor2D, logNoise: tf.Tensor1D): LikelihoodTerms {
  if (task === 'regression') return gaussian(f, y, logNoise);
  return task === 'binary' ? bernoulli(f, y) : categorical(f, y);
}

function gaussian(f: tf.Tensor2D, y: tf.Tensor2D, logNoise: tf.Tensor1D): LikelihoodTerms {
  const residual = tf.sub(y, f);
  const precision = tf.exp(tf.neg(logNoise));
  const outputGradient = tf.mul<tf.Tensor2D>(residual, precision);
  const scaledSquares = tf.sum(tf.mul(residual, outputGradient));
  const normaliser = tf.mul(tf.add(logNoise, Math.log(2 * Math.PI)), f.shape[0]);
  return {
    logLikelihood: tf.sum(tf.mul(tf.add(scaledSquares, normaliser), -0.5)),
    outputGradient,
    noiseGradient: tf.reshape(tf.mul(tf.sub(scaledSquares, f.shape[0]), 0.5), [1]),
  };
}

function bernoulli(f: tf.Tensor2D, y: tf.Tensor2D): LikelihoodTerms {
  return {
    logLikelihood: tf.sum(tf.sub(tf.mul(y, f), tf.softplus(f))),
    outputGradient: tf.sub(y, tf.sigmoid(f)),
    noiseGradient: tf.zeros([1]),
  };
}

function categorical(f: tf.Tensor2D, y: tf.Tensor2D): LikelihoodTerms {
  const centred = tf.sub(f, tf.max(f, 1, true));
  const exps = tf.exp(centred);
  const total = tf.sum(exps, 1, true);
  return {
    logLikelihood: tf.sum(tf.mul(y, tf.sub(centred, tf.log(total)))),
    outputGradient: tf.sub(y, tf.div(exps, total)),
    noiseGradient: tf.zeros([1]),
  };
}

/** Sum over rows of log p(y | f) for every draw: f [S, n, K], y [n, K] give [S]. */
export function likelihoodPerDraw(task: Task, f: tf.Tensor3D, y: tf.Tensor2D, noiseVariance: number): tf.Tensor1D {
  if (task === 'regression') {
    const squares = tf.sum<tf.Tensor1D>(tf.square(tf.sub(f, y)), [1, 2]);
    return tf.mul(tf.add(tf.div(squares, noiseVariance), y.shape[0] * Math.log(2 * Math.PI * noiseVariance)), -0.5);
  }
  if (task === 'binary') return tf.sum(tf.sub(tf.mul(y, f), tf.softplus(f)), [1, 2]);
  return tf.sum(tf.mul(y, tf.logSoftmax(f, -1)), [1, 2]);
}
