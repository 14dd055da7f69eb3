export { enumerateModels, type Enumeration } from './enumerate.js';
export { singleEffects, type EffectOptions } from './effects.js';
export { factorModel } from './factor-model.js';
export type { FactorModel, Factors } from './factors.js';
export { linearSteps } from './linear-part.js';
export type { CredibleSet, Dependence, LinearPart, LinearProblem, PenalisedLinear, SingleEffects } from './types.js';
export { weighed } from './dependence.js';
