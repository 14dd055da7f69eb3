/** The functions of an exported module but its encoder (cells.ts). They compute what `predictMean` does. */
import type { Likelihood } from '../../likelihood/index.js';

/** From inputs to outputs of one layer, and what refuses infinity: what {@link CHAIN} and {@link WIRED} use. */
export const LAYER = String.raw`function affine(h, { bias, weight, gap }) {
  const out = [...bias];
  let at = -1;
  weight.forEach((w, n) => {
    at += gap ? gap[n] : 1;
    out[at % out.length] += h[Math.floor(at / out.length)] * w;
  });
  return out;
}

function finite(values) {
  if (!values.every(Number.isFinite)) throw new Error('the row is too far from the training data');
  return values;
}

const encoded = (row) => finite(inputs.flatMap((input) => encode(input, row)));`;

/** From the encoded cells of a row to the outputs of a network whose layers read one another. */
export const CHAIN = String.raw`function network(h, given = layers) {
  given.forEach((layer, l) => {
    h = affine(h, layer);
    if (l < given.length - 1) h = h.map(activation);
  });
  return finite(h);
}`;

/** The same of a network with skips. */
export const WIRED = String.raw`function network(h, given = layers) {
  const values = [...h];
  given.forEach((layer, l) => {
    h = affine(layer.from ? layer.from.map((at) => values[at]) : h, layer);
    if (l < given.length - 1) h = h.map(activation);
    values.push(...h);
  });
  return finite(h);
}`;

const noisyCode = (prediction: string, noise: string): string => String.raw`/**
 * @param {Record<string, unknown>} row cells by column; other columns than the inputs do no harm
 * @returns {{ prediction: number, noise: number }} and the standard deviation of the noise, in the units of the data
 * @throws {Error} when a column is not there, or text where there should be a number
 */
export function predict(row) {
  const outputs = network(encoded(row));
  const [f] = outputs;
  return { prediction: ${prediction}, noise: ${noise} };
}`;

const numberCode = (prediction: string): string => String.raw`/**
 * @param {Record<string, unknown>} row cells by column; other columns than the inputs do no harm
 * @returns {{ prediction: number }} in the units of the data
 * @throws {Error} when a column is not there, or text where there should be a number
 */
export function predict(row) {
  const [f] = network(encoded(row));
  return { prediction: ${prediction} };
}`;

const numbersCode = (prediction: string): string => String.raw`/**
 * @param {Record<string, unknown>} row cells by column; other columns than the inputs do no harm
 * @returns {{ predictions: Record<string, number> }} of each target, in the units of the data
 * @throws {Error} when a column is not there, or text where there should be a number
 */
export function predict(row) {
  const outputs = network(encoded(row));
  const of = (f, target) => ${prediction};
  return { predictions: Object.fromEntries(target.targets.map((each, k) => [each.name, of(outputs[k], each)])) };
}`;

const classCode = (logits: string): string => String.raw`function shares(outputs) {
  const logits = ${logits};
  const top = Math.max(...logits);
  const odds = logits.map((logit) => Math.exp(logit - top));
  const total = odds.reduce((sum, odd) => sum + odd);
  return odds.map((odd) => odd / total);
}

const byLevel = (values) => Object.fromEntries(target.levels.map((level, k) => [level, values[k]]));

/**
 * @param {Record<string, unknown>} row cells by column; other columns than the inputs do no harm
 * @returns {{ probabilities: Record<string, number>, class: string }} of each class, and the most probable one
 * @throws {Error} when a column is not there, or text where there should be a number
 */
export function predict(row) {
  const values = shares(network(encoded(row)));
  return { probabilities: byLevel(values), class: target.levels[values.indexOf(Math.max(...values))] };
}`;

/** From the outputs of the network to what is predicted. */
export function predictCode(likelihood: Likelihood, noiseVariance: number): string {
  const { kind, script } = likelihood;
  const own = typeof script === 'string' ? script : script(noiseVariance);
  if (kind === 'number' && likelihood.noiseScript !== undefined) return noisyCode(own, likelihood.noiseScript);
  return { number: numberCode, numbers: numbersCode, class: classCode }[kind](own);
}
