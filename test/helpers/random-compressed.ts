/** Random compressed models, with single weights pruned inside their matrices. */
import { Stream } from '../../src/random.js';
import { graphOfShape } from '../../src/model/graph.js';
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
  /** Whether layers read some of all sources before them instead of the layer before. */
  skips?: boolean;
  /** In place of `features` and `target`. */
  encoder?: Encoder;
}

export function randomCompressed(shape: CompressedShape): CompressedModel {
  const { seed, task, activation = 'tanh', features = [1, 2, 1], hidden = [5, 3], zero = 0.3, target, skips = false } = shape;
  const encoder = shape.encoder ?? encoderFor(task, features, target);
  const outputs = outputUnits(encoder.target);
  const widths = [encoder.features.reduce((sum, { columns }) => sum + columns.length, 0), ...hidden, outputs.length];
  const lists = skips ? randomSources(widths, Stream.fromSeed(seed).split('sources')) : undefined;
  const graph = graphOfShape({ widths, ...(lists && { sources: lists }) });
  const layers = widths.slice(1).map((width, l): CompressedLayer => {
    const stream = Stream.fromSeed(seed).split('compressed', l);
    const inputs = graph.sourcesOf(l).length;
    const size = inputs * width;
    const on = stream.uniforms(size).map((u) => (u < zero ? 0 : 1));
    return {
      inputs, outputs: width, ...graph.field(l),
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

/** Each layer reads about half of all sources before it, and something reads each hidden layer. */
function randomSources(widths: readonly number[], stream: Stream): Int32Array[] {
  const tiers = widths.slice(0, -1);
  const starts = tiers.map((_, t) => tiers.slice(0, t).reduce((sum, width) => sum + width, 0));
  const lists = tiers.map((width, l) => {
    const before = starts[l] + width;
    const drawn = stream.split('layer', l).uniforms(before);
    const list = Array.from(drawn.keys()).filter((source) => drawn[source] < 0.5);
    return list.length > 0 || before === 0 ? list : [before - 1];
  });
  tiers.forEach((width, t) => {
    const isRead = lists.some((list) => list.some((source) => source >= starts[t] && source < starts[t] + width));
    if (!isRead && width > 0) lists[t] = [...lists[t], starts[t]].sort((a, b) => a - b);
  });
  return lists.map((list) => Int32Array.from(list));
}
