/**
 * Functions that TensorFlow has no good kernel for, in two forms: of few operations, for an executor that runs them one by
 * one; and as series of additions and products, which a fusing compiler turns into vector instructions (its logarithm of
 * 1 + x and its cosine take the time of ten such terms, number by number).
 */
import * as tf from '@tensorflow/tfjs-core';

export interface Kernels {
  /** log(1 + e^x), relatively exact for very negative x as well. */
  softplus<T extends tf.Tensor>(x: T): T;
  /** `count` independent standard normals from numbers uniform on [0, 1), [uniformsFor(count)]. */
  normals(uniforms: tf.Tensor1D, count: number): tf.Tensor1D;
  /** Var w of equation (12), never below 0. */
  variance(weights: GatedWeights): tf.Tensor;
}

/** What the variance of gated weights is made of, all over weights. */
export interface GatedWeights {
  /** g. */
  gate: tf.Tensor;
  mu: tf.Tensor;
  /** sigma^2. */
  square: tf.Tensor;
  /** sigma^2 + mu^2. */
  slabSquare: tf.Tensor;
  /** g mu. */
  mean: tf.Tensor;
}

export const uniformsFor = (count: number): number => 2 * Math.ceil(count / 2);

export const FEW_OPERATIONS: Kernels = {
  softplus: tf.softplus,
  /** Box, Muller 1958. */
  normals(uniforms, count) {
    const [first, second] = tf.split<tf.Tensor1D>(uniforms, 2);
    // 1 - u is on (0, 1], so that its logarithm is finite.
    const radius = tf.sqrt(tf.mul<tf.Tensor1D>(tf.log(tf.sub(1, first)), -2));
    const angle = tf.mul<tf.Tensor1D>(second, 2 * Math.PI);
    const normals = tf.concat1d([tf.mul<tf.Tensor1D>(radius, tf.cos(angle)), tf.mul<tf.Tensor1D>(radius, tf.sin(angle))]);
    return count === uniforms.shape[0] ? normals : tf.slice(normals, 0, count);
  },
  /** Every product is rounded, and then the difference is at least 0. */
  variance: ({ gate, slabSquare, mean }) => tf.sub(tf.mul(gate, slabSquare), tf.square(mean)),
};

/** Odd numbers 1, 3, ...: with these terms the series of softplus is exact to float32 rounding. */
const ODD = [15, 13, 11, 9, 7, 5, 3, 1];

/** Inverse error function in single precision (Giles 2011, table 5): of w = -log(1 - x^2) below 5, and of its root above. */
const CENTRAL = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 2.1858087e-4, -1.25372503e-3, -4.17768164e-3, 0.246640727,
  1.50140941,
];
const TAIL = [
  -2.00214257e-4, 1.00950558e-4, 1.34934322e-3, -3.67342844e-3, 5.73950773e-3, -7.6224613e-3, 9.43887047e-3, 1.00167406,
  2.83297682,
];

export const SERIES: Kernels = {
  /** max(x, 0) + log(1 + e), e = exp(-|x|), with log(1 + e) = 2 artanh s = 2 (s + s^3/3 + ...), s = e / (2 + e) <= 1/3. */
  softplus<T extends tf.Tensor>(x: T): T {
    const e = tf.exp(tf.neg(tf.abs(x)));
    const s = tf.div(e, tf.add(e, 2));
    const sum = polynomial(ODD.map((odd) => 1 / odd), tf.square(s));
    return tf.add(tf.maximum(x, 0), tf.mul(tf.mul(s, 2), sum));
  },
  /** The normal quantile function, sqrt(2) erfinv(2u - 1). */
  normals(uniforms, count) {
    const own = count === uniforms.shape[0] ? uniforms : tf.slice(uniforms, 0, count);
    // From multiples of 2^-23 on [0, 1) to the middles between them, so that neither end is reached.
    const x = tf.add(tf.mul(own, 2), 2 ** -23 - 1);
    const w = tf.neg(tf.log(tf.mul(tf.sub(1, x), tf.add(1, x))));
    const central = polynomial(CENTRAL, tf.sub(w, 2.5));
    const tail = polynomial(TAIL, tf.sub(tf.sqrt(w), 3));
    return tf.mul(tf.mul<tf.Tensor1D>(tf.where(tf.less(w, 5), central, tail), x), Math.SQRT2);
  },
  /**
   * g (sigma^2 + (1 - g) mu^2). A compiler that fuses leaves one product of a difference unrounded. Where g is near 1 and sigma^2
   * below 1e-7 mu^2, as millions of rows make it, the difference of equation (12) can then be negative, and has no root.
   */
  variance: ({ gate, mu, square }) => tf.mul(gate, tf.add(square, tf.mul(tf.sub(1, gate), tf.square(mu)))),
};

/** Horner's scheme, highest coefficient first. */
function polynomial([first, ...rest]: number[], x: tf.Tensor): tf.Tensor {
  let sum: tf.Tensor | undefined;
  for (const coefficient of rest) sum = tf.add(sum ? tf.mul(sum, x) : tf.mul(x, first), coefficient);
  return sum!;
}
