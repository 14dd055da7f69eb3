/** Dense layers of xtanh, which Keras and TensorFlow.js lack, written with swish, which they have. */
import type { DenseLayer } from './dense.js';

/**
 * swish(2a) = a + a tanh(a), so that the units of one hidden layer, with weights u and biases c twice as large, give v swish(2a)
 * = v xtanh(a) + v (c + u x): direct edges and a bias of the last layer take the rest away again.
 * @returns the layers as they are when there is no hidden layer of xtanh, or more than one
 */
export function asSwish(layers: readonly DenseLayer[]): DenseLayer[] {
  const [hidden, last] = layers;
  if (layers.length !== 2 || hidden.activation !== 'xtanh' || !last.tiers.includes(1)) return [...layers];
  const twice = (values: Float32Array): Float32Array => values.map((value) => 2 * value);
  return [{ ...hidden, activation: 'silu', weight: twice(hidden.weight), bias: twice(hidden.bias) }, withoutLinear(hidden, last)];
}

/** The last layer, minus what swish adds to its outputs. */
function withoutLinear({ inputs, outputs: units, weight: u, bias: c }: DenseLayer, last: DenseLayer): DenseLayer {
  const { outputs, weight: v } = last;
  const before = last.tiers.includes(0) ? inputs : 0;
  const weight = new Float32Array((inputs + units) * outputs);
  weight.set(v.subarray(before * outputs), inputs * outputs);
  const added = (of: (unit: number) => number, k: number): number => {
    let sum = 0;
    for (let h = 0; h < units; h++) sum += of(h) * v[(before + h) * outputs + k];
    return sum;
  };
  for (let i = 0; i < inputs; i++) {
    for (let k = 0; k < outputs; k++) {
      const place = i * outputs + k;
      weight[place] = (before > 0 ? v[place] : 0) - added((h) => u[i * units + h], k);
    }
  }
  const bias = Float32Array.from(last.bias, (value, k) => value - added((h) => c[h], k));
  return { ...last, inputs: inputs + units, tiers: [0, 1], weight, bias };
}
