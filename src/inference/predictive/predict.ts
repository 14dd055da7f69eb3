/**
 * Prediction by posterior draws: networks with hard gates and sampled weights, drawn once and run on any number of rows.
 */
import * as tf from '@tensorflow/tfjs-core';
import { drawNetwork, livingUnits } from '../../model/draw-network.js';
import { graphOf } from '../../model/graph.js';
import type { Stream } from '../../random.js';
import type { Matrix, Posterior } from '../../types.js';
import { linearOutputs } from '../../linear/outputs.js';
import { averageOutputs, hasAverage } from '../structure/networks.js';
import { DrawnNetworks } from './drawn-networks.js';
import type { OutputDraws } from '../../likelihood/index.js';

/** Weights that are drawn together, before they are reduced and become tensors; 2 MB. */
const WEIGHTS_AT_ONCE = 1 << 19;
/** Numbers in the widest tensor of a forward pass, which bounds the rows that go through at a time; 4 MB. */
const LARGEST_TENSOR = 1 << 20;

/** Holds `draws` drawn networks as tensors until disposed. */
export class PosteriorPredictor {
  private readonly groups: DrawnNetworks[];

  constructor(private readonly posterior: Posterior, private readonly draws: number, stream: Stream) {
    this.groups = hasAverage(posterior) ? [] : [...drawGroups(posterior, draws, stream)];
  }

  /** Network outputs of every draw on x [n, d_0]; of an average over structures all draws that it has. */
  outputs(x: Matrix): OutputDraws {
    if (hasAverage(this.posterior)) return averageOutputs(this.posterior, x);
    const result = emptyOutputs(this.posterior, this.draws, x.rows);
    let first = 0;
    for (const group of this.groups) {
      runGroup(group, x, first, result);
      first += group.count;
    }
    addBackground(this.posterior, x, result);
    return result;
  }

  dispose(): void {
    for (const group of this.groups) group.dispose();
  }
}

/** What a {@link PosteriorPredictor} gives for each of several x [n, d_0], without holding all its draws at a time. */
export function drawOutputs(posterior: Posterior, draws: number, stream: Stream, xs: readonly Matrix[]): OutputDraws[] {
  if (hasAverage(posterior)) return xs.map((x) => averageOutputs(posterior, x));
  const results = xs.map((x) => emptyOutputs(posterior, draws, x.rows));
  let first = 0;
  for (const group of drawGroups(posterior, draws, stream)) {
    xs.forEach((x, at) => runGroup(group, x, first, results[at]));
    first += group.count;
    group.dispose();
  }
  xs.forEach((x, at) => addBackground(posterior, x, results[at]));
  return results;
}

/** The same in every draw. */
function addBackground({ background }: Posterior, x: Matrix, { draws, values }: OutputDraws): void {
  if (!background) return;
  const added = linearOutputs(background, x);
  for (let at = 0; at < draws * added.length; at++) values[at] = background.share * values[at] + added[at % added.length];
}

/** Draws some networks at a time; what is not alive in them takes no room. */
function* drawGroups(posterior: Posterior, draws: number, stream: Stream): Generator<DrawnNetworks> {
  const { layers } = posterior;
  const weights = layers.reduce((sum, { mu }) => sum + mu.length, 0);
  const graph = graphOf(posterior);
  const each = Math.max(1, Math.floor(WEIGHTS_AT_ONCE / weights));
  for (let from = 0; from < draws; from += each) {
    const count = Math.min(each, draws - from);
    const networks = Array.from({ length: count }, (_, s) => drawNetwork(posterior, stream.split('draw', from + s)));
    const living = networks.map((network) => livingUnits(graph, network.map(({ weight }) => weight)));
    yield new DrawnNetworks(posterior, { networks }, living);
  }
}

function emptyOutputs({ task, layers, noiseVariance }: Posterior, draws: number, rows: number): OutputDraws {
  const { outputs } = layers[layers.length - 1];
  return { task, draws, rows, outputs, values: new Float32Array(draws * rows * outputs), noiseVariance };
}

/** Fills in the outputs of a group, whose draws are number `first` and on. */
function runGroup(group: DrawnNetworks, x: Matrix, first: number, { rows, outputs, values }: OutputDraws): void {
  const most = Math.max(1, Math.floor(LARGEST_TENSOR / Math.max(x.cols, group.count * Math.max(...group.widths))));
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from);
    const result = tf.tidy(() => {
      const part = tf.tensor2d(x.data.subarray(from * x.cols, (from + count) * x.cols), [count, x.cols]);
      return tf.transpose(group.outputs(tf.transpose(part)), [0, 2, 1]);
    });
    // Not within tidy, which would look through every number for tensors.
    const f = result.dataSync() as Float32Array;
    result.dispose();
    const size = count * outputs;
    for (let s = 0; s < group.count; s++) values.set(f.subarray(s * size, (s + 1) * size), ((first + s) * rows + from) * outputs);
  }
}
