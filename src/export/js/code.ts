/** The functions of an exported module. They treat cells as `encode` does and compute what `predictMean` does. */
import { numberPatterns } from '../../data/style.js';
import type { Likelihood } from '../../likelihood/index.js';
import type { TableStyle } from '../../types.js';

/** From the cells of a row to the inputs of the network, and through one layer: what {@link CHAIN} and {@link WIRED} use. */
export const ENCODE = String.raw`// Cells of training are standardised; a level or a missing cell that training never showed becomes the average, or no level.
function encode({ name, kind, levels, missing: knowsMissing, columns }, row) {
  if (!Object.hasOwn(row, name)) throw new Error('the row has no column ' + JSON.stringify(name));
  const text = String(row[name] ?? '').trim();
  const absent = Number.isNaN(row[name]) || missing.includes(text);
  const number = typeof row[name] === 'number' && Number.isFinite(row[name]) ? row[name] : numberOf(text);
  if (kind === 'numeric' && !absent && Number.isNaN(number)) {
    throw new Error('column ' + JSON.stringify(name) + ': ' + JSON.stringify(text) + ' is not a number');
  }
  // Digits with leading zeros, or more of them than a number holds, are a code.
  const level = Number.isNaN(number) || /^(0\d+|\d{16,})$/.test(text) ? text : String(number);
  const average = kind === 'categorical' && (absent ? !knowsMissing : levels.length === 2 && !levels.includes(level));
  return columns.map((column) => {
    if (column.type === 'number' ? absent : column.type === 'level' && average) return 0;
    const raw = column.type === 'number' ? number : column.type === 'missing' ? absent : !absent && level === column.level;
    return Math.fround((raw - column.mean) / column.scale);
  });
}

function affine(h, { bias, weight, gap }) {
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
}`;

/** From the cells of a row to the outputs of a network whose layers read one another. */
export const CHAIN = String.raw`function network(row) {
  let h = finite(inputs.flatMap((input) => encode(input, row)));
  layers.forEach((layer, l) => {
    h = affine(h, layer);
    if (l < layers.length - 1) h = h.map(activation);
  });
  return finite(h);
}`;

/** The same of a network with skips. */
export const WIRED = String.raw`function network(row) {
  let h = finite(inputs.flatMap((input) => encode(input, row)));
  const values = [...h];
  layers.forEach((layer, l) => {
    h = affine(layer.from ? layer.from.map((at) => values[at]) : h, layer);
    if (l < layers.length - 1) h = h.map(activation);
    values.push(...h);
  });
  return finite(h);
}`;

const numberCode = (prediction: string): string => String.raw`/**
 * @param {Record<string, unknown>} row cells by column; other columns than the inputs do no harm
 * @returns {{ prediction: number }} in the units of the data
 * @throws {Error} when a column is not there, or text where there should be a number
 */
export function predict(row) {
  const [f] = network(row);
  return { prediction: ${prediction} };
}`;

const classCode = (logits: string): string => String.raw`/**
 * @param {Record<string, unknown>} row cells by column; other columns than the inputs do no harm
 * @returns {{ probabilities: Record<string, number>, class: string }} of each class, and the most probable one
 * @throws {Error} when a column is not there, or text where there should be a number
 */
export function predict(row) {
  const logits = ${logits};
  const top = Math.max(...logits);
  const odds = logits.map((logit) => Math.exp(logit - top));
  const total = odds.reduce((sum, odd) => sum + odd);
  const probabilities = Object.fromEntries(target.levels.map((level, k) => [level, odds[k] / total]));
  return { probabilities, class: target.levels[logits.indexOf(top)] };
}`;

/** From the outputs of the network to what is predicted. */
export const predictCode = (likelihood: Likelihood): string =>
  (likelihood.kind === 'number' ? numberCode : classCode)(likelihood.script);

/** How texts are read as numbers, as the table wrote them that was learned from. */
export function numberCodeOf(style: TableStyle = {}): string {
  const patterns = numberPatterns(style);
  const usual = (name: string): string => String.raw`// The number that a text writes in decimal notation, else NaN.
const ${name} = (text) => (text === '' || /^0[box]/i.test(text) || !Number.isFinite(Number(text)) ? NaN : Number(text));`;
  if (!patterns) return usual('numberOf');
  const { decimal, separator, plain, grouped } = patterns;
  const fraction = `replace(${JSON.stringify(decimal)}, '.')`;
  const joined = separator === ' ' ? "replace(/\\s/g, '')" : `replaceAll(${JSON.stringify(separator)}, '')`;
  return `${usual('usual')}
// Numbers in texts are written as in the table that was learned from.
const numberOf = (text) => {
  if (${plain}.test(text)) return usual(text.${fraction});
  return ${grouped}.test(text) ? usual(text.${joined}.${fraction}) : NaN;
};`;
}
