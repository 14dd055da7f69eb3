/** How the weights of a network lie in one vector w [D], and the directions in which they move the outputs. */
import { hasOutput, type Network, type Skip, type Unit, type Widths } from './network.js';
import type { Slabs } from './scales.js';

export const BIAS = 0;
export const SKIP = 1;
export const UNIT_BIAS = 2;
export const EDGE = 3;
export const OUT = 4;

export interface Layout {
  size: number;
  units: number;
  outputs: number;
  /** What each weight is: BIAS, SKIP, ... */
  kind: Int32Array;
  /** Encoded column of a skip or an edge, else -1. */
  column: Int32Array;
  /** Unit of an edge, of its bias or of its weight to an output, else -1. */
  unit: Int32Array;
  /** Output of a bias, a skip or a weight to an output, else -1. */
  output: Int32Array;
  /** Of the Gaussian prior of each. */
  precision: Float64Array;
  /** Sum of the logarithms of the priors' standard deviations. */
  logScale: number;
  /** H + 1: where the weights of each unit begin. */
  from: Int32Array;
}

/** @param places for each input its encoded columns */
export function layoutOf(
  { skips, units }: Network, places: readonly (readonly number[])[], outputs: number, slabs: Slabs,
): Layout {
  const rows: [kind: number, column: number, unit: number, output: number, sd: number][] = [];
  for (let k = 0; k < outputs; k++) rows.push([BIAS, -1, -1, k, slabs.bias]);
  for (const { input, mask } of skips) {
    for (const c of places[input]) {
      for (let k = 0; k < outputs; k++) if (hasOutput(mask, k)) rows.push([SKIP, c, -1, k, slabs.skip]);
    }
  }
  const from = new Int32Array(units.length + 1);
  units.forEach(({ inputs, mask }, h) => {
    from[h] = rows.length;
    rows.push([UNIT_BIAS, -1, h, -1, slabs.unitBias]);
    for (const input of inputs) for (const c of places[input]) rows.push([EDGE, c, h, -1, slabs.in]);
    for (let k = 0; k < outputs; k++) if (hasOutput(mask, k)) rows.push([OUT, -1, h, k, slabs.out]);
  });
  from[units.length] = rows.length;
  const pick = (at: number): Int32Array => Int32Array.from(rows, (row) => row[at]);
  return {
    size: rows.length, units: units.length, outputs, kind: pick(0), column: pick(1), unit: pick(2), output: pick(3), from,
    precision: Float64Array.from(rows, ([, , , , sd]) => 1 / (sd * sd)),
    logScale: rows.reduce((sum, [, , , , sd]) => sum + Math.log(sd), 0),
  };
}

/** The weights of a network in the order of its layout. */
export function pack({ bias, skips, units }: Network, { columns, outputs }: Widths, size: number): Float64Array {
  const w = new Float64Array(size);
  let at = 0;
  for (const value of bias) w[at++] = value;
  for (const { input, mask, weight } of skips) {
    for (let g = 0; g < columns[input]; g++) {
      for (let k = 0; k < outputs; k++) if (hasOutput(mask, k)) w[at++] = weight[g * outputs + k];
    }
  }
  for (const { mask, bias: own, weights, out } of units) {
    w[at++] = own;
    for (const edge of weights) for (const value of edge) w[at++] = value;
    for (let k = 0; k < outputs; k++) if (hasOutput(mask, k)) w[at++] = out[k];
  }
  return w;
}

/** The network with the weights of a vector. */
export function unpack({ skips, units }: Network, { columns, outputs }: Widths, w: Float64Array): Network {
  let at = outputs;
  const skip = ({ input, mask }: Skip): Skip => {
    const weight = new Float64Array(columns[input] * outputs);
    for (let place = 0; place < weight.length; place++) if (hasOutput(mask, place % outputs)) weight[place] = w[at++];
    return { input, mask, weight };
  };
  const unit = ({ inputs, mask }: Unit): Unit => {
    const bias = w[at++];
    const weights = inputs.map((input) => w.slice(at, at += columns[input]));
    const out = new Float64Array(outputs);
    for (let k = 0; k < outputs; k++) if (hasOutput(mask, k)) out[k] = w[at++];
    return { inputs, mask, bias, weights, out };
  };
  return { bias: w.slice(0, outputs), skips: skips.map(skip), units: units.map(unit) };
}
