/** Activations phi and their slopes as plain functions of one number, for code that runs without a tensor engine. */
import type { Activation } from '../types.js';

/** 1 / (1 + e^-a) without overflow for any a. */
export const sigmoid = (a: number): number => {
  if (a >= 0) return 1 / (1 + Math.exp(-a));
  const e = Math.exp(a);
  return e / (1 + e);
};

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
