/**
 * One training step as a pure function of named tensors: nothing is read or drawn inside, so the same function runs
 * eagerly, or is recorded once and compiled with the loop around it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ScanSpec, Tensors } from '../engine/scan.js';
import type { Constants } from '../model/constants.js';
import { objective } from '../model/objective.js';
import type { NetworkShape } from '../model/shape.js';
import { adamStep } from './adam.js';

/** What a step carries on: theta, Adam's moments m and v [P], and the sum of mean log-likelihoods (scalar). */
const CARRY = ['theta', 'm', 'v', 'logLikelihood'];
/** What stays the same within a run of steps: the data, learning rates [P], whether gates are pinned, the prior [L each]. */
const FIXED = ['x', 'y', 'rates', 'pinned', 'nodeLogit', 'edgeLogit', 'edgeLogOff', 'invTau2'];

/**
 * The training step as a scan. Slices: `rows` [B] (indices of the minibatch; absent when every step sees all rows),
 * `klScale` = beta / N, `correction` = Adam's bias correction, `seed`. Noise: [B * K] standard normals.
 */
export function trainingScan(shape: NetworkShape, constants: Constants, batch: number, minibatches: boolean): ScanSpec {
  const step = (t: Tensors): Tensors => {
    const x = (minibatches ? tf.gather(t.x, t.rows as tf.Tensor1D) : t.x) as tf.Tensor2D;
    const y = (minibatches ? tf.gather(t.y, t.rows as tf.Tensor1D) : t.y) as tf.Tensor2D;
    const prior = {
      nodeLogit: t.nodeLogit as tf.Tensor1D, edgeLogit: t.edgeLogit as tf.Tensor1D,
      edgeLogOff: t.edgeLogOff as tf.Tensor1D, invTau2: t.invTau2 as tf.Tensor1D,
    };
    const controls = { klScale: t.klScale as tf.Scalar, pinned: t.pinned as tf.Scalar, prior };
    const theta = t.theta as tf.Tensor1D;
    const { logLikelihood, gradient } = objective(shape, constants, theta, { x, y, noise: t.noise as tf.Tensor1D }, controls);
    const state = { theta, m: t.m as tf.Tensor1D, v: t.v as tf.Tensor1D };
    return {
      ...adamStep(state, gradient, t.rates as tf.Tensor1D, t.correction as tf.Scalar),
      logLikelihood: tf.add(t.logLikelihood, logLikelihood),
    };
  };
  const slices = ['klScale', 'correction', 'seed'];
  return {
    step, carry: CARRY, fixed: FIXED, slices: minibatches ? ['rows', ...slices] : slices,
    normals: { noise: batch * constants.layout.units },
  };
}
