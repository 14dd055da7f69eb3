/** Activations phi and their slopes as plain functions of one number, for code that runs without a tensor engine. */
import { sigmoid } from '../../model/prior.js';
import type { Activation } from '../../types.js';

/** phi(a). */
export const PHI: Record<Activation, (a: number) => number> = {
  tanh: Math.tanh,
  relu: (a) => Math.max(0, a),
  sigmoid,
  silu: (a) => a * sigmoid(a),
};

/** phi'(a). */
export const PHI_SLOPE: Record<Activation, (a: number) => number> = {
  tanh: (a) => 1 - Math.tanh(a) ** 2,
  relu: (a) => (a > 0 ? 1 : 0),
  sigmoid: (a) => sigmoid(a) * sigmoid(-a),
  silu: (a) => sigmoid(a) * (1 + a * sigmoid(-a)),
};
