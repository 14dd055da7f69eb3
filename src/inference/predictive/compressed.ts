/** Forward pass of a compressed network on plain arrays: predicting with an exported model needs no tensor engine. */
import { ACTIVATIONS } from '../../activations.js';
import { columnCount } from '../../data/feature.js';
import { fail } from '../../errors.js';
import { eachOf, likelihoodOf, unitsOf } from '../../likelihood/index.js';
import { Graph } from '../../model/graph.js';
import type { Stream } from '../../random.js';
import type { CompressedModel, Matrix } from '../../types.js';

/** Numbers: n means in the target's own units, of T targets n x T. Classes: n x K probabilities in the order of the levels. */
export type CompressedPrediction = { mean: Float32Array } | { probabilities: Matrix };

/** What feeds what in a compressed network, whose columns are those of its encoder. */
export const compressedGraph = ({ encoder, layers }: Pick<CompressedModel, 'encoder' | 'layers'>): Graph =>
  new Graph(columnCount(encoder.features), layers);

/**
 * Prediction by the network of posterior means (the one that is exported).
 *
 * @param x n x d encoded rows, d being the columns of the model's own encoder.
 * @throws `run.column-count` when the columns are not the model's.
 */
export function predictMean(model: CompressedModel, x: Matrix): CompressedPrediction {
  const out = compressedOutputs(model, x);
  const { encoder: { target }, noiseVariance } = model;
  const likelihood = likelihoodOf(target.task);
  const outputs = out.length / x.rows;
  const rows = Array.from({ length: x.rows }, (_, n) => out.subarray(n * outputs, (n + 1) * outputs));
  if (likelihood.kind === 'number') {
    const { scale, shift } = likelihood.units(target);
    return { mean: Float32Array.from(rows, (f) => likelihood.mean(f, noiseVariance, target as never)[0] * scale + shift) };
  }
  if (likelihood.kind === 'numbers') {
    const units = eachOf(target).map(unitsOf);
    return { mean: Float32Array.from(out, (f, at) => f * units[at % outputs].scale + units[at % outputs].shift) };
  }
  const cols = likelihood.levels(target).length;
  const data = new Float32Array(x.rows * cols);
  rows.forEach((f, n) => data.set(likelihood.probabilitiesAt(f, target, noiseVariance), n * cols));
  return { probabilities: { rows: x.rows, cols, data } };
}

/**
 * The same network with weights and biases drawn from the posterior, gates fixed on. For rows that come in chunks draw
 * once and predict with the result.
 */
export function drawModel(model: CompressedModel, stream: Stream): CompressedModel {
  const draw = (mean: Float32Array, sd: Float32Array, name: string, l: number): Float32Array => {
    const noise = stream.split(name, l).normals(mean.length);
    return mean.map((value, at) => value + sd[at] * noise[at]);
  };
  const layers = model.layers.map((layer, l) => ({
    ...layer,
    weight: draw(layer.weight, layer.weightSd, 'weight', l),
    bias: draw(layer.bias, layer.biasSd, 'bias', l),
  }));
  return { ...model, layers };
}

/**
 * Prediction by one posterior draw of the weights, shared by all rows, without observation noise (whose variance in the
 * target's own units is {@link observationVariance}).
 *
 * @throws `run.column-count` when the columns are not the model's.
 */
export function drawPrediction(model: CompressedModel, x: Matrix, stream: Stream): CompressedPrediction {
  return predictMean(drawModel(model, stream), x);
}

/** Variance of an observation around the regression function, in the squared units of the target. */
export const observationVariance = ({ encoder: { target }, noiseVariance }: CompressedModel): number =>
  noiseVariance * unitsOf(target).scale ** 2;

/**
 * n x K outputs of the last layer: standardised value, logit or logits.
 *
 * @param graph of the model; networks that were drawn from one model share it.
 * @throws `run.column-count` when the columns are not the model's.
 */
export function compressedOutputs(model: CompressedModel, x: Matrix, graph = compressedGraph(model)): Float64Array {
  if (x.cols !== graph.columns) {
    throw fail('run.column-count', `the model takes ${graph.columns} encoded columns, the data have ${x.cols}`, {
      hint: "Encode the rows with the model's own encoder.",
    });
  }
  const phi = ACTIVATIONS[model.activation].value;
  const tiers = [Float64Array.from(x.data)];
  for (let l = 0; l < graph.depth - 1; l++) tiers.push(affine(model, graph, l, tiers, x.rows).map(phi));
  return affine(model, graph, graph.depth - 1, tiers, x.rows);
}

/** h W + b of layer l, n x k, h being what it reads of the tiers before it, each n x its width. */
function affine({ layers }: CompressedModel, graph: Graph, l: number, tiers: Float64Array[], rows: number): Float64Array {
  const { outputs, weight, bias } = layers[l];
  const out = new Float64Array(rows * outputs);
  for (let n = 0; n < rows; n++) {
    const to = n * outputs;
    out.set(bias, to);
    for (const { tier, row, units } of graph.feedsOf(l)) {
      const [h, from] = [tiers[tier], n * graph.tiers[tier]];
      for (let i = 0; i < units.length; i++) {
        const value = h[from + units[i]];
        if (value === 0) continue;
        for (let j = 0, at = (row + i) * outputs; j < outputs; j++, at++) out[to + j] += value * weight[at];
      }
    }
  }
  return out;
}
