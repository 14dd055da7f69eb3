/** Metrics of a posterior predictive distribution on rows with known targets. */
import { likelihoodOf, metricsOf, type Metrics, type OutputDraws, type RowLosses } from '../../likelihood/index.js';
import type { Target } from '../../types.js';

/** What is lost on each row: {@link Metrics} are means of these. y [n]: encoded targets, as in a Dataset. */
export const rowLosses = (outputs: OutputDraws, y: Float32Array, target: Target): RowLosses =>
  likelihoodOf(target.task).losses(outputs, y, target);

/** y [n]: encoded targets, as in a Dataset; at least one. */
export const evaluateDraws = (outputs: OutputDraws, y: Float32Array, target: Target): Metrics =>
  metricsOf(rowLosses(outputs, y, target));
