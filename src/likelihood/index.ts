export {
  allMetrics, classesOf, defaultTask, eachOf, encodedEach, headlineOf, isTask, likelihoodOf, marginsOf, measuredAlike, metricsOf,
  noiseOf, numberLikelihoodOf, ofLikelihoods, orderedTarget, registerLikelihood, simulationOf, spelledTask, targetRule, taskOf,
  taskOfClasses, taskRule, tasks, unitsOf,
} from './registry.js';
export { targetNames, targetTitle, unlisted, type Named } from './names.js';
export { fitNumbers, momentsOfTargets, numberLikelihood, unfit } from './numbers.js';
export { classLikelihood, decidedClass, topClass } from './classes.js';
export { balancedThreshold } from './decision.js';
export { classFigures, confusionMatrix, type ClassFigures, type ConfusionCell } from './confusion.js';
export { factsAt, outputCount, outputsFor, takeResponses, totalWeight } from './response.js';
export { lossesOfEach } from './several-metrics.js';
export { areaOfClass, rankingOfClass } from './metrics.js';
export { averagePrecision, type Cut } from './ranking.js';
export type { Noise } from './noise.js';
export type { ClassRanking, Metric, Metrics, RowLosses } from './metrics.js';
export type {
  Affine, ClassLikelihood, Contributions, Derivatives, Head, Likelihood, LikelihoodTerms, NullModel, NumberLikelihood,
  NumbersLikelihood, OutputDraws, RowDerivatives, SimulatedTarget, Simulation, SimulationSetting, TargetCells, Uncertainty, Units,
} from './types.js';
