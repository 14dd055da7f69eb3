/** The likelihoods by task. */
import { fail } from '../errors.js';
import { oneOf, record, recordBy, text, type Rule } from '../rules.js';
import type { RowFacts, Target, Task } from '../types.js';
import { bernoulli } from './bernoulli.js';
import { categorical } from './categorical.js';
import { counts, poisson } from './counts.js';
import { gaussian } from './gaussian.js';
import { logRegression } from './log-regression.js';
import { metricsFrom, NLL, type Figure, type Metric, type Metrics, type RowLosses } from './metrics.js';
import { registered } from './registered.js';
import type { Noise } from './noise.js';
import { ordinal } from './ordinal.js';
import { several } from './several.js';
import { student } from './student.js';
import { logNormal, weibull } from './survival.js';
import { varying } from './varying.js';
import type { Likelihood, NumberLikelihood, OutputDraws, Simulation, TargetCells, Units } from './types.js';

/**
 * Adds a likelihood, which from then on is a task like any other. Where fits are made in worker processes, each has to do so.
 * @throws RangeError when the task has one already
 */
export function registerLikelihood<K extends Task>(likelihood: Likelihood<K>): void {
  if (registered.has(likelihood.task)) throw new RangeError(`the task ${likelihood.task} has a likelihood already`);
  registered.set(likelihood.task, likelihood);
}

// Another entry of the package, which is bundled, may have done so already.
const BUILT_IN = [
  gaussian, bernoulli, categorical, ordinal, counts, poisson, weibull, logNormal, logRegression, student, varying, several,
] as Likelihood[];
for (const builtIn of BUILT_IN) {
  if (!registered.has(builtIn.task)) registered.set(builtIn.task, builtIn);
}

/** @throws RangeError for a task that has none; documents are checked with `isTask` before */
export function likelihoodOf(task: Task): Likelihood {
  const found = registered.get(task);
  if (!found) throw new RangeError(`there is no likelihood for the task ${String(task)}`);
  return found;
}

/** In the order of registration. */
export const tasks = (): Task[] => [...registered.keys()] as Task[];

/** The task that another key of `data` says, and the one that may stand beside it; undefined where there is none. */
export const spelledTask = (key: string, value: string): { task: Task; beside: Task } | undefined => {
  const found = [...registered.values()].find(({ spelling }) => spelling?.key === key && spelling.value === value);
  return found && { task: found.task, beside: found.spelling!.beside };
};

export const isTask = (name: unknown): name is Task => typeof name === 'string' && registered.has(name);

/** Something that is made of all likelihoods, and anew after another was registered. */
export function ofLikelihoods<V>(make: () => V): () => V {
  let [made, at]: [V | undefined, number] = [undefined, -1];
  return () => {
    // None is ever taken away.
    if (at !== registered.size) [made, at] = [make(), registered.size];
    return made!;
  };
}

/** Documents name one of the registered tasks. */
export const taskRule: Rule<Task> = (value) => oneOf(...tasks())(value);

/** The target in a document: its name and task, and what its likelihood keeps. */
export const targetRule: Rule<Target> = (value) => targetForms()(value);

const targetForms = ofLikelihoods(() => recordBy('task', Object.fromEntries([...registered.values()].map(({ task, fields }) =>
  [task, record({ name: text, task: oneOf(task), ...fields })]))));

/** The same target, its keys in the order of documents. */
export function orderedTarget(target: Target): Target {
  const keys = ['name', 'task', ...Object.keys(likelihoodOf(target.task).fields)] as (keyof Target)[];
  return Object.fromEntries(keys.map((key) => [key, target[key]])) as unknown as Target;
}

/** What is predicted where nothing tells: a number, by the likelihood that was registered first. */
export const defaultTask = (): Task => [...registered.values()].find(({ kind }) => kind === 'number')!.task;

/** The task that a target column poses when the config says nothing: of those that claim it the one that was registered last. */
export const taskOf = (cells: TargetCells): Task =>
  [...registered.values()].reverse().find((likelihood) => likelihood.claims(cells))?.task ?? defaultTask();

/** Whether predictions for two tasks can be compared on the same rows: as those for `weibull` and `log-normal`. */
export function measuredAlike(...tasks: [Task, Task]): boolean {
  const [one, other] = tasks.map(likelihoodOf);
  return one.kind === other.kind && one.metrics[0].name === other.metrics[0].name;
}

/** The task of a target of so many classes; undefined where none takes them. */
export const taskOfClasses = (count: number): Task | undefined => [...registered.values()].find((likelihood) =>
  likelihood.kind === 'class' && count >= likelihood.classes[0] && count <= likelihood.classes[1])?.task;

/** All classes of a target in the order of class indices; undefined where it is a number. */
export function classesOf(target: Target): readonly string[] | undefined {
  const likelihood = likelihoodOf(target.task);
  return likelihood.kind === 'class' ? likelihood.levels(target) : undefined;
}

/** From encoded to raw numbers; probabilities of classes stay what they are. */
export function unitsOf(target: Target): Units {
  const likelihood = likelihoodOf(target.task);
  return likelihood.kind === 'number' ? likelihood.units(target) : { scale: 1, shift: 0 };
}

/** The noise of each target about its prediction; undefined for classes, and where the likelihood does not say it. */
export function noiseOf(target: Target, noiseVariance: number): readonly Noise[] | undefined {
  const likelihood = likelihoodOf(target.task);
  if (likelihood.kind === 'numbers') return likelihood.noise(noiseVariance, target);
  const noise = likelihood.kind === 'number' ? likelihood.noise?.(noiseVariance, target) : undefined;
  return noise && [noise];
}

/** One or more targets, each with a likelihood of its own; all but several numbers are one. */
export function eachOf(target: Target): readonly Target[] {
  const likelihood = likelihoodOf(target.task);
  return likelihood.kind === 'numbers' ? likelihood.each(target) : [target];
}

/** n targets y, and the others beside them where there are several, each as its own likelihood encodes it. */
export const encodedEach = (y: Float32Array, target: Target, others: RowFacts['others'] = []): Float32Array[] =>
  eachOf(target).map((own, place) => {
    const { scale, shift } = unitsOf(own);
    return place === 0 ? y : Float32Array.from(others[place - 1], (value) => (value - shift) / scale);
  });

/** Outputs that were made by `outputsFor`, by target. */
export function marginsOf(outputs: OutputDraws, target: Target): { target: Target; outputs: OutputDraws }[] {
  const likelihood = likelihoodOf(target.task);
  if (likelihood.kind !== 'numbers') return [{ target, outputs }];
  return likelihood.each(target as never).map((own, place) => ({ target: own, outputs: likelihood.margin(outputs, place) }));
}

/** The likelihood of a target that is a number; undefined for classes. */
export function numberLikelihoodOf(target: Pick<Target, 'task'>): NumberLikelihood | undefined {
  const likelihood = likelihoodOf(target.task);
  return likelihood.kind === 'number' ? likelihood : undefined;
}

/** How targets of a task are simulated. @throws usage.calibrate where nobody has said */
export function simulationOf(task: Task): Simulation<Target> {
  const { simulation } = likelihoodOf(task);
  if (simulation) return simulation;
  throw fail('usage.calibrate', `targets of the task ${task} cannot be simulated`, { hint: `Use another data.task: ${tasks()[0]}.` });
}

/** Every metric of every likelihood in the order of tables: what is looked at first, the likelihood, the others. */
export const allMetrics = ofLikelihoods((): readonly Metric[] => {
  const lists = [...registered.values()].map(({ metrics }) => metrics);
  const firsts = lists.map(([first]) => first);
  // Where another one is looked at before it, it comes after that: of counts the deviance comes before the RMSE.
  const isLater = (metric: Metric): boolean => lists.some((each) => each.indexOf(metric) > 0);
  const all = [
    ...firsts.filter((metric) => !isLater(metric)), ...firsts.filter(isLater), NLL, ...lists.flatMap((each) => each.slice(1)),
  ];
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
});

/** The metrics that the losses of at least one row give. @param instead what a metric is that is not to be made of them */
export const metricsOf = (losses: RowLosses, instead?: (metric: Metric) => Figure | undefined): Metrics =>
  metricsFrom(losses, allMetrics(), instead);

/** The metric that is looked at first. */
export const headlineOf = (metrics: Partial<Metrics>): Metric =>
  allMetrics().find(({ name }) => metrics[name] !== undefined) ?? NLL;
