/** Every parameter's learning rate. */
import type { BlockName, Layout } from '../model/shape.js';
import type { Phase } from './schedule.js';

/** Rates [P] in a phase: gates move at a multiple of the others' rate, and what is held does not move. */
export function parameterRates(
  layout: Layout, { learningRate, gateLearningRate }: { learningRate: number; gateLearningRate: number }, phase: Phase,
): Float32Array {
  const rate = learningRate * phase.rate;
  const rates = new Float32Array(layout.size).fill(rate);
  const set = (name: BlockName, factor: number): void => {
    const place = layout.blocks.get(name);
    if (place) rates.fill(rate * factor, place.offset, place.offset + place.length);
  };
  set('alphaLogit', phase.gates === 'free' || phase.gates === 'edges' ? gateLearningRate : 0);
  set('zLogit', phase.gates === 'free' ? gateLearningRate : 0);
  set('logNoise', phase.noiseFree ? 1 : 0);
  return rates;
}
