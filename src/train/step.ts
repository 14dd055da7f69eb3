/**
 * One training step as a pure function: state, batch and controls in, state and log-likelihood out. Nothing is read or
 * drawn inside, so the same function can be run eagerly, or recorded once and compiled.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Constants } from '../model/constants.js';
import { objective, type Batch, type Controls } from '../model/objective.js';
import type { NetworkShape } from '../model/shape.js';
import { adamStep, type AdamState } from './adam.js';

export interface StepControls extends Controls {
  /** Learning rate of every parameter [P]; 0 holds it still. */
  rates: tf.Tensor1D;
  /** Adam's bias correction at this step. */
  correction: tf.Scalar;
}

export function trainStep(
  shape: NetworkShape, constants: Constants, state: AdamState, batch: Batch, controls: StepControls,
): { state: AdamState; logLikelihood: tf.Scalar } {
  const { logLikelihood, gradient } = objective(shape, constants, state.theta, batch, controls);
  return { state: adamStep(state, gradient, controls.rates, controls.correction), logLikelihood };
}
