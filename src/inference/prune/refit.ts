/** Weights of direct edges that are fitted after a cut (docs/method.md, Weights after the cut). */
import { finish } from '../../steps.js';
import { linearOutputs } from '../../linear/outputs.js';
import { PenalisedFit } from '../../linear/penalised-fit.js';
import { Rows } from '../../linear/rows.js';
import { scoresOf } from '../../linear/scores.js';
import type { PenalisedLinear } from '../../linear/types.js';
import { outputCount, type ClassLikelihood, type Likelihood } from '../../likelihood/index.js';
import type { Matrix, Response } from '../../types.js';

export interface DirectFit {
  likelihood: Likelihood;
  /** n x d, what the edges lead from. */
  x: Matrix;
  /** n x K: what is to be met, targets or expected ones. */
  y: Response;
  noiseVariance: number;
  /** Standard deviation of the slab. */
  tau: number;
  /** n x K: outputs of the rest of the network. */
  offset?: Float64Array | undefined;
}

export interface DirectEdges {
  weight: Float32Array;
  /** As a posterior of independent weights has it. */
  weightSd: Float32Array;
  bias: Float32Array;
}

/** The posterior mode of edges [d, K] from columns to outputs under their slab, with biases [K]. */
export function directFit({ likelihood, x, y, noiseVariance, tau, offset }: DirectFit): DirectEdges {
  const scores = scoresOf(x);
  const rows = new Rows(likelihood, y, noiseVariance, offset);
  const all = Int32Array.from({ length: x.rows }, (_, n) => n);
  const fit = new PenalisedFit(scores, rows, all);
  finish(fit.climb(1 / tau ** 2));
  const K = outputCount(y);
  rows.at(fit.outputs(all));
  const information = new Float64Array(x.cols * K);
  for (let n = 0; n < x.rows; n++) {
    for (let c = 0; c < x.cols; c++) {
      for (let k = 0; k < K; k++) information[c * K + k] += x.data[n * x.cols + c] ** 2 * rows.information[(n * K + k) * K + k];
    }
  }
  return {
    weight: Float32Array.from(scores.back(fit.theta.subarray(K), K)), bias: Float32Array.from(fit.theta.subarray(0, K)),
    weightSd: Float32Array.from(information, (each) => 1 / Math.sqrt(Math.max(0, each) + 1 / tau ** 2)),
  };
}

/** n x K: what a linear model expects of the targets of rows [n, d], in the form of the likelihood's response. */
export function expectedBy(linear: PenalisedLinear, likelihood: ClassLikelihood, x: Matrix): Matrix {
  // As linear.json has it, so that a run that is read gives what it gave in memory.
  const f = linearOutputs({ weight: linear.weight.map(Math.fround), bias: linear.bias.map(Math.fround) }, x);
  const K = linear.bias.length;
  const data = new Float32Array(f.length);
  for (let n = 0; n < x.rows; n++) {
    const probabilities = likelihood.probabilitiesAt(f.subarray(n * K, (n + 1) * K));
    // Of two classes there is one output, that of the second.
    data.set(probabilities.subarray(probabilities.length - K), n * K);
  }
  return { rows: x.rows, cols: K, data };
}
