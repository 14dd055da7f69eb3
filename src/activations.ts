/**
 * All activation functions phi: as functions of one number, with derivatives, and as every export writes them. Tensors have
 * theirs in model/activation.ts. A name of `Activation` that lacks an entry in either table does not compile.
 */
import { sigmoid } from './maths/scalar.js';
import type { Activation } from './types.js';

/** A node of a graph that computes op(a), or with `gated` the product a op(a). */
export interface GraphOperation {
  op: string;
  gated: boolean;
}

interface ActivationEntry {
  /** phi(a). */
  value(a: number): number;
  /** phi'(a); at a kink the derivative from the left. */
  slope(a: number): number;
  /** phi''(a); 0 at a kink. */
  curvature(a: number): number;
  /** JSON and safetensors keep the name itself. */
  exported: {
    /** Source text of a function of one number. */
    javascript: string;
    /** `activation` of a Dense layer of Keras and TensorFlow.js; absent where they have none (export/swish.ts). */
    keras?: string;
    onnx: GraphOperation;
    tensorflow: GraphOperation;
  };
}

const operation = (op: string, gated = false): Pick<ActivationEntry['exported'], 'onnx' | 'tensorflow'> =>
  ({ onnx: { op, gated }, tensorflow: { op, gated } });

const sigmoidSlope = (a: number): number => sigmoid(a) * sigmoid(-a);

export const ACTIVATIONS: Record<Activation, ActivationEntry> = {
  tanh: {
    value: Math.tanh,
    slope: (a) => 1 - Math.tanh(a) ** 2,
    curvature: (a) => -2 * Math.tanh(a) * (1 - Math.tanh(a) ** 2),
    exported: { javascript: 'Math.tanh', keras: 'tanh', ...operation('Tanh') },
  },
  relu: {
    value: (a) => Math.max(0, a),
    slope: (a) => (a > 0 ? 1 : 0),
    curvature: () => 0,
    exported: { javascript: '(a) => Math.max(0, a)', keras: 'relu', ...operation('Relu') },
  },
  silu: {
    value: (a) => a * sigmoid(a),
    slope: (a) => sigmoid(a) * (1 + a * sigmoid(-a)),
    curvature: (a) => sigmoidSlope(a) * (2 + a * (1 - 2 * sigmoid(a))),
    exported: { javascript: '(a) => a / (1 + Math.exp(-a))', keras: 'swish', ...operation('Sigmoid', true) },
  },
  sigmoid: {
    value: sigmoid,
    slope: sigmoidSlope,
    curvature: (a) => sigmoidSlope(a) * (1 - 2 * sigmoid(a)),
    exported: { javascript: '(a) => 1 / (1 + Math.exp(-a))', keras: 'sigmoid', ...operation('Sigmoid') },
  },
  xtanh: {
    value: (a) => a * Math.tanh(a),
    slope: (a) => Math.tanh(a) + a * (1 - Math.tanh(a) ** 2),
    curvature: (a) => 2 * (1 - Math.tanh(a) ** 2) * (1 - a * Math.tanh(a)),
    exported: { javascript: '(a) => a * Math.tanh(a)', ...operation('Tanh', true) },
  },
};

/** In the order in which the config lists them. */
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as Activation[];
