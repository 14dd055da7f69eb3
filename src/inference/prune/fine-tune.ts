/**
 * Fine-tuning: the weights of a pruned network are trained on, with its gates decided (docs/method.md, Pruning). Pruning
 * leaves the others where they were best together with what is gone.
 */
import { likelihoodOf } from '../../likelihood/index.js';
import { shapeSources } from '../../model/graph.js';
import { inverseSoftplus } from '../../model/posterior.js';
import { block, layoutOf, type NetworkShape } from '../../model/shape.js';
import { softplus } from '../../maths/scalar.js';
import type { Stream } from '../../random.js';
import { fit } from '../../train/fit.js';
import { stateFrom } from '../../train/start.js';
import type { FitData } from '../../train/types.js';
import { planTraining, stepsPerEpoch } from '../../train/plan.js';
import type { CompressedModel } from '../../types.js';
import { compressedGraph } from '../predictive/compressed.js';

export interface FineTuneOptions {
  /** Slab scale tau of each block of the model's weights (model/graph.ts): the prior that they were trained under. */
  tau: readonly number[];
  batch: 'auto' | number;
  learningRate: number;
  /** Default: 2000. */
  steps?: number | undefined;
  signal?: AbortSignal | undefined;
}

const STEPS = 2000;
/** Gate logits of weights that stay and of those that do not: sigmoid is 1 and 0 to the last digit that counts. */
const DECIDED = 40;

/**
 * Raises the ELBO in mu, sigma and sigma^2 of a pruned network whose kept weights are certain and whose others are zero.
 * @param data encoded rows: x n x d, d being the columns of the model's own encoder, y n x K as the likelihood wants it
 * @returns the tuned model; the one given when it has no inputs or `signal` was aborted
 */
export async function fineTune(
  model: CompressedModel, data: FitData, { tau, batch, learningRate, steps = STEPS, signal }: FineTuneOptions, stream: Stream,
): Promise<CompressedModel> {
  const { layers } = model;
  if (model.encoder.features.length === 0) return model;
  const shape = shapeOf(model);
  const plan = planTraining(data.x.rows, { batch, epochs: 1 });
  const epochs = Math.ceil(steps / stepsPerEpoch(data.x.rows, plan.batch));
  const even = (each: readonly unknown[]): number[] => each.map(() => 0.5);
  const { done, state: { theta } } = await fit(data, {
    shape, epochs, batch: plan.batch, learningRate, gateLearningRate: 0, course: 'tune', prior: { inclusion: 0.5, slabScale: 1 },
  }, stream, stateFrom(thetaOfModel(model, shape), { node: even(layers), edge: even(tau), tau: [...tau] }), { signal });
  return done ? { ...withTheta(model, theta, shape), fineTuned: epochs * stepsPerEpoch(data.x.rows, plan.batch) } : model;
}

/** The network with a gate on every weight, which says whether it is kept. */
function shapeOf(model: CompressedModel): NetworkShape {
  const { layers, activation, task } = model;
  const graph = compressedGraph(model);
  const { columns } = graph;
  return {
    widths: [columns, ...layers.map(({ outputs }) => outputs)], ...shapeSources(graph), activation, gates: 'weight', task,
    inputGroup: Int32Array.from({ length: columns }, (_, i) => i), inputGates: columns,
  };
}

/** A weight without spread was pruned; training gives every other one a positive one. */
const isKept = (sd: number): boolean => sd > 0;

/** A folded bias may have no spread at all. */
const MIN_SD = 1e-6;

function thetaOfModel({ layers, noiseVariance }: CompressedModel, shape: NetworkShape): Float32Array {
  const layout = layoutOf(shape);
  const theta = new Float32Array(layout.size);
  const rho = (sd: number): number => inverseSoftplus(Math.max(sd, MIN_SD));
  layers.forEach(({ weight, weightSd, bias, biasSd }, l) => {
    const place = layout.layers[l];
    block(theta, layout, 'mu')!.set(weight, place.weight);
    block(theta, layout, 'rho')!.set(weightSd.map(rho), place.weight);
    block(theta, layout, 'alphaLogit')!.set(weightSd.map((sd) => (isKept(sd) ? DECIDED : -DECIDED)), place.weight);
    block(theta, layout, 'biasMu')!.set(bias, place.unit);
    block(theta, layout, 'biasRho')!.set(biasSd.map(rho), place.unit);
  });
  block(theta, layout, 'logNoise')![0] = Math.log(noiseVariance);
  return theta;
}

function withTheta(model: CompressedModel, theta: Float32Array, shape: NetworkShape): CompressedModel {
  const layout = layoutOf(shape);
  const read = (name: 'mu' | 'rho' | 'biasMu' | 'biasRho', from: number, length: number): Float32Array =>
    block(theta, layout, name)!.slice(from, from + length);
  const layers = model.layers.map((layer, l) => {
    const { weight, unit } = layout.layers[l];
    const kept = (values: Float32Array): Float32Array => values.map((value, at) => (isKept(layer.weightSd[at]) ? value : 0));
    return {
      ...layer,
      weight: kept(read('mu', weight, layer.weight.length)),
      weightSd: kept(read('rho', weight, layer.weight.length).map(softplus)),
      bias: read('biasMu', unit, layer.outputs),
      biasSd: read('biasRho', unit, layer.outputs).map(softplus),
    };
  });
  const noiseVariance = likelihoodOf(model.task).learnsNoise ? Math.exp(block(theta, layout, 'logNoise')![0]) : model.noiseVariance;
  return { ...model, layers, noiseVariance };
}
