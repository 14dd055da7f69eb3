/** The choice between the restarts, and what they say of the inputs together. */
import type { InputInclusion } from '../types.js';
import type { Assessment } from './assess.js';

/** Index of the restart with the highest hard-gate ELBO; the first on ties. */
export const bestRestart = (restarts: readonly Assessment[]): number =>
  restarts.reduce((best, { elbo }, at) => (elbo.elbo > restarts[best].elbo.elbo ? at : best), 0);

/** PIPs of the inputs of the best restart, with the smallest and largest over all restarts with the same gates. */
export function inputInclusion(names: readonly string[], restarts: readonly Assessment[], best: number): InputInclusion[] {
  const { posterior: { gates }, inclusion: { inputs, inputErrors } } = restarts[best];
  const alike = restarts.filter(({ posterior }) => posterior.gates === gates);
  return names.map((input, g) => {
    const pips = alike.map(({ inclusion }) => inclusion.inputs[g]);
    return { input, pip: inputs[g], pipMin: Math.min(...pips), pipMax: Math.max(...pips), mcSe: inputErrors[g] };
  });
}
