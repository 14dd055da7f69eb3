/** The courses of training, in fractions of all steps (docs/method.md, Schedule), and what holds at a step. */
import { block, type BlockName, type Layout } from '../model/shape.js';

/**
 * What a fit is for. `whole`: a network from its random start, all gates learned at once. `edges`: the same, but the edges have
 * settled before the gates of inputs and hidden nodes are let go. `sparse`: hidden units begin mostly closed, and what gates
 * them is learned slowly from the first step on; released later they would stay closed for ever. `half-open`: gates stay where
 * they begin until they are let go. `two-stage`: the linear fit with hidden units beside it, whose direct edges wait. `rescue`: a
 * trained network some of whose gates were opened again, with fresh weights behind them. `settle`: a trained network that was
 * changed and shall find its balance. `tune`: the weights of a network whose gates are decided.
 */
export type Course = 'whole' | 'edges' | 'sparse' | 'half-open' | 'two-stage' | 'rescue' | 'settle' | 'tune';

/** The numbers of one fit, with every default filled in. */
export interface FitPlan {
  /** Training rows, and those that a step sees. */
  rows: number;
  batch: number;
  perEpoch: number;
  /** Steps that see each row once: those of an epoch, unless the rows are a shard of the table's. */
  perPass: number;
  /** Steps in all. */
  steps: number;
  /** Steps between two rows of the history: whole epochs. */
  perRow: number;
  course: Course;
  temperature: number;
}

/** Factors on the learning rate of gates; 0 holds them where they are. */
export interface GateRates {
  /** Of edges from or to hidden units, and of those that lead directly from the inputs to the outputs. */
  edges: number;
  direct: number;
  /** Of the inputs and of the hidden units themselves. */
  inputs: number;
  nodes: number;
}

const FREE: GateRates = { edges: 1, direct: 1, inputs: 1, nodes: 1 };
const HELD: GateRates = { edges: 0, direct: 0, inputs: 0, nodes: 0 };
const EDGES: GateRates = { ...HELD, edges: 1, direct: 1 };
/** As fast as other parameters, with the default of `train.gateLearningRate`. */
const SLOW = 0.2;

export interface Phase {
  /** `open`: all are held at 1; else how fast they are learned. */
  gates: 'open' | GateRates;
  /** Weight of the KL term. */
  beta: number;
  /** Whether sigma^2 is learned. */
  noiseFree: boolean;
  /** Whether the prior's parameters follow the posterior. */
  empiricalBayes: boolean;
  /** Factor on the learning rate. */
  rate: number;
  /** Whether the ELBO of this state can be compared with that of the last one. */
  final: boolean;
}

const INITIAL_BETA = 0.1;

/** 0.1 up to `from`, then in a straight line to 1 at `to`. */
const rising = (f: number, from: number, to: number): number =>
  INITIAL_BETA + (1 - INITIAL_BETA) * Math.min(1, Math.max(0, (f - from) / (to - from)));

/** 1, then a fifth, then a fifteenth. */
const falling = (f: number, first: number, second: number): number => (f < first ? 1 : f < second ? 1 / 5 : 1 / 15);

// Learning sigma^2 before the KL is at full weight collapses it.
const whole = (f: number): Phase => ({
  gates: f < 0.25 ? 'open' : FREE, beta: rising(f, 0.25, 0.6), noiseFree: f >= 0.6, empiricalBayes: f >= 0.7,
  rate: falling(f, 0.8, 0.93), final: f >= 0.7,
});

/** What a network that has been trained goes through again. */
const again = (f: number): Omit<Phase, 'gates'> => ({
  beta: rising(f, 0.2, 0.5), noiseFree: f >= 0.5, empiricalBayes: f >= 0.6, rate: falling(f, 0.75, 0.9), final: f >= 0.6,
});

const COURSES: Record<Course, (f: number) => Phase> = {
  whole,
  edges: (f) => ({ ...whole(f), gates: f < 0.25 ? 'open' : f < 0.6 ? EDGES : FREE }),
  sparse: (f) => {
    const others = f < 0.25 ? 0 : SLOW;
    return { ...whole(f), gates: { edges: SLOW, nodes: SLOW, direct: others, inputs: others } };
  },
  'half-open': (f) => ({ ...whole(f), gates: f < 0.25 ? HELD : FREE }),
  'two-stage': (f) => ({
    ...again(f), gates: { edges: SLOW, nodes: SLOW, inputs: SLOW, direct: f < 0.5 ? 0 : SLOW },
  }),
  rescue: (f) => ({ ...again(f), gates: f < 0.2 ? HELD : FREE }),
  settle: (f) => ({
    gates: FREE, beta: 1, noiseFree: true, empiricalBayes: true, rate: falling(f, 0.6, 0.85), final: f >= 0.3,
  }),
  tune: (f) => ({
    gates: HELD, beta: 1, noiseFree: true, empiricalBayes: false, rate: 2 * falling(f, 0.6, 0.85), final: f >= 0.3,
  }),
};

/** The phase at `step` of `steps`. */
export const phaseAt = (step: number, steps: number, course: Course = 'whole'): Phase => COURSES[course](step / steps);

/** Equal for steps that can run under the same fixed inputs (beta enters step by step). */
export const phaseKey = ({ gates, noiseFree, rate }: Phase): string => JSON.stringify([gates, noiseFree, rate]);

const PRIOR_EVERY = 100;

/** Whether the prior is updated before `step`, which is in this phase. */
export const isPriorDue = (step: number, { empiricalBayes }: Phase): boolean => empiricalBayes && step % PRIOR_EVERY === 0;

/** Whether the history gets a row after the first `step` steps. */
export const isRowDue = (step: number, { steps, perRow }: Pick<FitPlan, 'steps' | 'perRow'>): boolean =>
  step >= steps || step % perRow === 0;

/** Steps from `step` on, at most `longest`, that run under the same controls, before a row or an update of the prior is due. */
export function stretchFrom(step: number, plan: FitPlan, longest: number): number {
  const at = (later: number): Phase => phaseAt(later, plan.steps, plan.course);
  const key = phaseKey(at(step));
  let count = 1;
  while (count < longest && !isRowDue(step + count, plan)) {
    const phase = at(step + count);
    if (phaseKey(phase) !== key || isPriorDue(step + count, phase)) break;
    count++;
  }
  return count;
}

/** Learning rates [P] in a phase: gates move at a multiple of the others' rate, and what is held does not move. */
export function parameterRates(
  layout: Layout, { learningRate, gateLearningRate }: { learningRate: number; gateLearningRate: number }, phase: Phase,
): Float32Array {
  const rate = learningRate * phase.rate;
  const rates = new Float32Array(layout.size).fill(rate);
  const set = (name: BlockName, factor: number): void => {
    const place = layout.blocks.get(name);
    if (place) rates.fill(rate * factor, place.offset, place.offset + place.length);
  };
  const gates = phase.gates === 'open' ? HELD : phase.gates;
  set('alphaLogit', gates.edges * gateLearningRate);
  set('zLogit', gates.nodes * gateLearningRate);
  set('logNoise', phase.noiseFree ? 1 : 0);
  const last = layout.layers[layout.layers.length - 1];
  block(rates, layout, 'alphaLogit')?.fill(rate * gates.direct * gateLearningRate, last.weight, last.weight + layout.direct * last.outputs);
  block(rates, layout, 'zLogit')?.fill(rate * gates.inputs * gateLearningRate, 0, layout.tiers[0].gates);
  return rates;
}
