/** Starting values of theta (docs/method.md, Schedule): fan-in-scaled means, small sigma, all gates nearly open. */
import type { Stream } from '../random.js';
import { block, type Layout } from './shape.js';

/** rho at the start: sigma = softplus(-5), about 0.0067. */
const INITIAL_RHO = -5;
/** Gates start at logit +3, where they still have a gradient (at +-10 they would have none). */
const INITIAL_GATE_LOGIT = 3;

/** Draws theta [P]. `noiseVariance` is where sigma^2 is held until it is learned. */
export function initialTheta(layout: Layout, noiseVariance: number, stream: Stream): Float32Array {
  const theta = new Float32Array(layout.size);
  const mu = block(theta, layout, 'mu')!;
  layout.layers.forEach(({ weight, inputs, outputs }, l) => {
    const draws = stream.split('layer', l).normals(inputs * outputs);
    const scale = 1 / Math.sqrt(inputs);
    for (let i = 0; i < draws.length; i++) mu[weight + i] = draws[i] * scale;
  });
  block(theta, layout, 'rho')!.fill(INITIAL_RHO);
  block(theta, layout, 'alphaLogit')?.fill(INITIAL_GATE_LOGIT);
  block(theta, layout, 'zLogit')?.fill(INITIAL_GATE_LOGIT);
  block(theta, layout, 'biasRho')!.fill(INITIAL_RHO);
  block(theta, layout, 'logNoise')!.fill(Math.log(noiseVariance));
  return theta;
}
