/** The states of fits as tensors and plain numbers: in the checkpoint of an interrupted run, and in a finished one. */
import { fail } from '../errors.js';
import { readSafetensors, writeSafetensors, type Tensors } from '../export/safetensors/safetensors.js';
import { count, list, looseRecord, number, optional, orNull, text, type Checked } from '../rules.js';
import type { FitState } from '../train/types.js';
import type { FitStates } from '../work/fitting.js';

// JSON has no NaN and no infinity: such a number is written as null, and is a fault here.
const layers = list(number());
const prior = looseRecord({ node: layers, edge: layers, tau: layers, spike: optional(layers) });
const historyRow = looseRecord({
  epoch: count(), step: count(), elbo: number(), logLikelihood: number(), kl: number(), beta: number(), noiseVariance: number(),
  active: looseRecord({ weights: number(), nodes: number(), inputs: number() }),
});

/** null: not begun, or not yet interrupted or finished. */
export const plainFitsRule = list(orNull(looseRecord({
  step: count(), logLikelihood: number(), history: list(historyRow),
  prior, best: optional(looseRecord({ step: count(), elbo: number(), prior })),
})));

/** What there is of states beside their tensors. */
export type PlainFits = Checked<typeof plainFitsRule>;

/** The vectors of states: `fit0.theta`, and so on. */
export function fitTensors(states: FitStates): Tensors {
  const tensors: Tensors = {};
  states.forEach((state, at) => {
    if (!state) return;
    const { theta, m, v, best } = state;
    const vectors = { theta, m, v, ...(best && { best: best.theta }) };
    for (const [name, data] of Object.entries(vectors)) tensors[`fit${at}.${name}`] = { shape: [data.length], data };
  });
  return tensors;
}

export const plainFits = (states: FitStates): PlainFits => states.map((state) => {
  if (!state) return null;
  const { step, logLikelihood, prior: own, history, best } = state;
  const kept = best && { step: best.step, elbo: best.elbo, prior: best.prior };
  return { step, logLikelihood, prior: own, history, ...(kept && { best: kept }) };
});

/** @param missing makes the error of a fit whose tensors are not there */
export function fitStates(fits: PlainFits, tensors: Tensors, missing: (at: number) => Error): FitStates {
  return fits.map((fit, at): FitState | null => {
    if (!fit) return null;
    const names = ['theta', 'm', 'v', ...(fit.best ? ['best'] : [])];
    const [theta, m, v, best] = names.map((name) => tensors[`fit${at}.${name}`]?.data);
    const whole = [theta, m, v, best ?? theta].every((data) => data instanceof Float32Array && data.length === theta.length);
    if (!whole || (fit.best && !best)) throw missing(at);
    return { ...fit, theta, m, v, best: fit.best && { ...fit.best, theta: best } } as FitState;
  });
}

/** More than this is not kept in a finished run, in bytes. */
const MOST_BYTES = 20e6;

const namesRule = list(text);

/** The states of a finished run's fits under their names; undefined where they are too large to be kept. */
export function keptFits(names: readonly string[], states: readonly FitState[]): Uint8Array | undefined {
  const tensors = fitTensors([...states]);
  const size = Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
  if (size > MOST_BYTES) return undefined;
  return writeSafetensors(tensors, { names: JSON.stringify(names), fits: JSON.stringify(plainFits([...states])) });
}

/** The states by name. @throws run.damaged, run.tensors-damaged */
export function readKeptFits(bytes: Uint8Array, file: string): Map<string, FitState> {
  const damaged = (what: string): Error =>
    fail('run.damaged', `the states of the fits are not as bnnc wrote them: ${what}`, { where: { file }, hint: 'Train the run again.' });
  const { tensors, metadata } = readSafetensors(bytes, file);
  const part = (name: string): unknown => {
    try {
      return JSON.parse(metadata[name] ?? 'null');
    } catch {
      throw damaged(`${name} is not valid JSON`);
    }
  };
  const [names, fits] = [part('names'), part('fits')];
  const [fault] = [...namesRule(names), ...plainFitsRule(fits)];
  if (fault !== undefined) throw damaged(fault.message);
  const states = fitStates(fits as PlainFits, tensors, (at) => damaged(`the tensors of fit ${at} are not there`));
  return new Map((names as string[]).flatMap((name, at) => (states[at] ? [[name, states[at]] as const] : [])));
}
