/** Random compressed models, with single weights pruned inside their matrices. */
import { Stream } from '../../src/random.js';
import { outputUnits } from '../../src/inference/units.js';
import type { Activation, CompressedLayer, CompressedModel, Encoder, Target, Task } from '../../src/types.js';
import { encoderFor } from './random-posterior.js';

export interface CompressedShape {
  seed: number;
  task: Task;
  activation?: Activation;
  features?: number[];
  hidden?: number[];
  /** Share of the weights that is zero. */
  zero?: number;
  target?: Target;
  /** In place of `features` and `target`. */
  encoder?: Encoder;
}

export function randomCompressed(shape: CompressedShape): CompressedModel {
  const { seed, task, activation = 'tanh', features = [1, 2, 1], hidden = [5, 3], zero = 0.3, target } = shape;
  const encoder = shape.encoder ?? encoderFor(task, features, target);
  const outputs = outputUnits(encoder.target);
  const widths = [encoder.features.reduce((sum, { columns }) => sum + columns.length, 0), ...hidden, outputs.length];
  const layers = widths.slice(1).map((width, l): CompressedLayer => {
    const stream = Stream.fromSeed(seed).split('compressed', l);
    const size = widths[l] * width;
    const on = stream.uniforms(size).map((u) => (u < zero ? 0 : 1));
    return {
      inputs: widths[l], outputs: width,
      weight: stream.normals(size).map((w, at) => (on[at] ? w : 0)),
      weightSd: stream.uniforms(size).map((s, at) => (on[at] ? 0.1 + s : 0)),
      bias: stream.normals(width),
      biasSd: stream.uniforms(width),
      units: l === hidden.length ? outputs : Array.from({ length: width }, (_, k) => `h${l + 1}.${2 * k + 1}`),
    };
  });
  return {
    task, activation, encoder, layers, threshold: 0.5,
    noiseVariance: task === 'regression' ? 0.2 : 1,
    inputPips: encoder.features.map((_, f) => 1 - f / 7),
  };
}
