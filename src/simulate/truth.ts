/** A planted truth: which inputs matter, and the function of them that the target follows; one function for each logit. */
import type { Stream } from '../random.js';
import type { Matrix, Target } from '../types.js';
import { drawFunction, type RandomFunction } from './function.js';
import { simulationOf, type SimulatedTarget, type SimulationSetting } from '../likelihood/index.js';

export interface Truth {
  /** Ascending. */
  inputs: number[];
  /** One for each output of the network. */
  functions: RandomFunction[];
}

export interface TruthSetting {
  /** Outputs of the network: how many functions the target follows. */
  outputs: number;
  /** d: the input that each column belongs to. */
  group: Int32Array;
}

/** At most so many inputs matter. */
const MAX_INPUTS = 8;

/**
 * Draws the inputs, 1 to min(8, half of them), each number equally likely, and the functions.
 * @param x training rows [n, d], standardised by column
 */
export function drawTruth(x: Matrix, { outputs, group }: TruthSetting, stream: Stream): Truth {
  const all = group.reduce((most, each) => Math.max(most, each), -1) + 1;
  const count = 1 + stream.split('count').integer(Math.max(1, Math.min(MAX_INPUTS, Math.floor(all / 2))));
  const inputs = [...stream.split('inputs').permutation(all).subarray(0, count)].sort((a, b) => a - b);
  const functions = Array.from({ length: outputs }, (_, k) =>
    drawFunction(x, group, inputs, stream.split('function', k)));
  return { inputs, functions };
}

/**
 * Draws a target for every row.
 * @param xs matrices of rows; the first has the training rows, for which the truth was drawn
 * @throws usage.calibrate where it is not known how such targets are simulated
 */
export function drawTarget(
  { functions }: Truth, xs: readonly Matrix[], setting: SimulationSetting<Target>, stream: Stream,
): SimulatedTarget {
  const { task } = setting.target;
  return simulationOf(task).draw(xs.map((x) => functions.map((f) => f.at(x))), setting, stream);
}
