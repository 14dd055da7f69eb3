/** The size of a training step, for those who want to know what the engine runs. */
import { likelihoodOf, tasks } from '../likelihood/index.js';
import { layoutOf, type NetworkShape } from '../model/shape.js';
import { Stream } from '../random.js';
import { startFit } from './start.js';
import { packingKind, planFit } from './plan.js';
import { FitTensors } from './tensors.js';
import type { FitSettings } from './types.js';

const BATCH = 128;
/** Of a fit by default. */
const STEPS = 4000;

/** Operations of one minibatch step of a classifier or regression of these widths; undefined off the native engine. */
export function stepNodes(widths: number[]): { nodes: number; fused: boolean } | undefined {
  const [inputs, outputs] = [widths[0], widths[widths.length - 1]];
  const shape: NetworkShape = {
    widths, task: tasks().find((task) => likelihoodOf(task).allowsOutputs(outputs))!, activation: 'silu', gates: 'both', inputGates: inputs,
    inputGroup: Int32Array.from({ length: inputs }, (_, i) => i),
  };
  const settings: FitSettings = {
    shape, epochs: STEPS / 2, batch: BATCH, learningRate: 0.01, gateLearningRate: 5, prior: { inclusion: 'auto', slabScale: 'auto' },
  };
  const zeros = (cols: number): { rows: number; cols: number; data: Float32Array } =>
    ({ rows: 2 * BATCH, cols, data: new Float32Array(2 * BATCH * cols) });
  const stream = Stream.fromSeed('nodes');
  const layout = layoutOf(shape);
  const data = { x: zeros(inputs), y: zeros(outputs) };
  const plan = planFit(data.x.rows, settings);
  const tensors = new FitTensors(data, settings, plan, stream, startFit(settings, layout, stream));
  const { nodes } = tensors;
  tensors.dispose();
  return nodes === undefined ? undefined : { nodes, fused: packingKind(layout, STEPS) === 'matrices' };
}
