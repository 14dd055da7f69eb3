/** Starting values of theta (docs/method.md, Schedule): fan-in-scaled means, small sigma, all gates nearly open. */
import type { Stream } from '../random.js';
import { block, type Layout } from './shape.js';

/** rho at the start: sigma = softplus(-5), about 0.0067. */
const INITIAL_RHO = -5;
/** Gates start at logit +3, where they still have a gradient (at +-10 they would have none). */
const INITIAL_GATE_LOGIT = 3;

/** Gate logits that a fit begins with, by what the gates are of. */
export interface StartLogits {
  /** Edges from inputs to hidden units, and from hidden units on. */
  toHidden: number;
  onwards: number;
  /** Edges that lead directly from inputs to outputs. */
  direct: number;
  inputs: number;
  nodes: number;
}

const ALL_OPEN: StartLogits = {
  toHidden: INITIAL_GATE_LOGIT, onwards: INITIAL_GATE_LOGIT, direct: INITIAL_GATE_LOGIT, inputs: INITIAL_GATE_LOGIT,
  nodes: INITIAL_GATE_LOGIT,
};

/** Draws theta [P]. `noiseVariance` is where sigma^2 is held until it is learned. */
export function initialTheta(layout: Layout, noiseVariance: number, stream: Stream, start: StartLogits = ALL_OPEN): Float32Array {
  const theta = new Float32Array(layout.size);
  const mu = block(theta, layout, 'mu')!;
  const edges = block(theta, layout, 'alphaLogit');
  layout.layers.forEach(({ weight, inputs, outputs, columns }, l) => {
    const draws = stream.split('layer', l).normals(inputs * outputs);
    const scale = 1 / Math.sqrt(inputs);
    for (let i = 0; i < draws.length; i++) mu[weight + i] = draws[i] * scale;
    const last = l === layout.layers.length - 1;
    const between = weight + columns * outputs;
    edges?.fill(last ? start.direct : start.toHidden, weight, between);
    edges?.fill(start.onwards, between, weight + inputs * outputs);
  });
  block(theta, layout, 'rho')!.fill(INITIAL_RHO);
  block(theta, layout, 'zLogit')?.fill(start.nodes).fill(start.inputs, 0, layout.tiers[0].gates);
  block(theta, layout, 'biasRho')!.fill(INITIAL_RHO);
  block(theta, layout, 'logNoise')!.fill(Math.log(noiseVariance));
  return theta;
}
