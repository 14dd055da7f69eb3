export { drawMembers, memberOutputs, type Member } from './average.js';
export { Chain, type ChainOptions, type ChainState, type Visited } from './chain.js';
export { denseLinear, withDense } from './dense-linear.js';
export { activeInputs, keyOf, nonlinearInputs, weightsOf, type Network, type Skip, type Unit } from './network.js';
export { tableOf, type SearchTable } from './problem.js';
export { chainOptions, startsOf, withLinear, type SearchOptions } from './starts.js';
export { summarise, type SearchSummary, type Weighted } from './summary.js';
