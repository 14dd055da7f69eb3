/** Targets that follow a truth, with noise of a stated size. */
import { simulationOf, type SimulatedTarget, type SimulationSetting } from '../likelihood/index.js';
import type { Stream } from '../random.js';
import type { Matrix, Target } from '../types.js';
import type { Truth } from './truth.js';

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
