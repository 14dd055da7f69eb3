/**
 * One training step as a pure function of named tensors: nothing is read or drawn inside, so the same function runs
 * eagerly, or is recorded once and compiled with the loop around it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ScanSpec, Tensors } from '../engine/scan.js';
import { objective } from '../model/objective.js';
import type { Packing } from '../model/packing/types.js';
import type { NetworkShape } from '../model/shape.js';
import { adamStep } from './adam.js';

/** Adam's moments of a part of theta. */
export const firstMoment = (part: string): string => `m_${part}`;
export const secondMoment = (part: string): string => `v_${part}`;
/** The learning rates of a part. */
export const rateOf = (part: string): string => `rate_${part}`;

/**
 * The training step as a scan. It carries theta and Adam's moments in the packing's parts, and the sum of mean
 * log-likelihoods (scalar). Fixed within a run of steps: the data, the rates, whether gates are held open (0 or 1), the prior.
 * Slices: `rows` [B] (indices of the minibatch; absent when every step sees all rows), `klScale` = beta / N, `correction` =
 * Adam's bias correction, `uniforms` [B * K, made even], of which the noise is made. With `streamed` the data are the minibatch,
 * and slices like these.
 */
export function trainingScan(
  shape: NetworkShape, packing: Packing,
  { minibatches, weighted = false, streamed = false }: { minibatches: boolean; weighted?: boolean; streamed?: boolean },
): ScanSpec {
  const data = ['x', 'y', ...(weighted ? ['weights'] : [])];
  const parts = packing.parts.map(({ name }) => name);
  const step = (t: Tensors): Tensors => {
    const taken = (whole: tf.Tensor): tf.Tensor2D => (minibatches && !streamed ? tf.gather(whole, t.rows) : whole) as tf.Tensor2D;
    const [x, y, weights] = [taken(t.x), taken(t.y), weighted ? taken(t.weights) : undefined];
    const controls = { klScale: t.klScale as tf.Scalar, gatesOpen: t.gatesOpen as tf.Scalar, prior: t };
    const noise = packing.kernels.normals(t.uniforms as tf.Tensor1D, x.shape[0] * packing.layout.units);
    const { logLikelihood, gradient } = objective(shape, packing, t, { x, y, weights, noise }, controls);
    const carry: Tensors = { logLikelihood: tf.add(t.logLikelihood, logLikelihood) };
    for (const part of parts) {
      const state = { theta: t[part], m: t[firstMoment(part)], v: t[secondMoment(part)] };
      const { theta, m, v } = adamStep(state, gradient[part], t[rateOf(part)], t.correction as tf.Scalar);
      Object.assign(carry, { [part]: theta, [firstMoment(part)]: m, [secondMoment(part)]: v });
    }
    return carry;
  };
  return {
    step,
    carry: [...parts, ...parts.map(firstMoment), ...parts.map(secondMoment), 'logLikelihood'],
    fixed: [...(streamed ? [] : data), 'gatesOpen', ...packing.priorNames, ...parts.map(rateOf)],
    slices: [...(streamed ? data : minibatches ? ['rows'] : []), 'klScale', 'correction', 'uniforms'],
  };
}
