export { linearSteps } from './linear-part.js';
export type { CredibleSet, LinearPart, LinearProblem, PenalisedLinear, SingleEffects } from './types.js';
