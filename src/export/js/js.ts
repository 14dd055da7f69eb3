/**
 * The model as an ES module without dependencies, for browsers and other programs: `predict(row)` takes the cells of a CSV row by
 * column name, and `inputs` has what a form needs. Its code is meant to be read.
 */
import { likelihoodOf } from '../../likelihood/index.js';
import { ACTIVATIONS } from '../../activations.js';
import { levelsOf, trainedOnMissing } from '../../data/feature.js';
import { compressedGraph } from '../../inference/predictive/compressed.js';
import type { CompressedLayer, CompressedModel, EncodedColumn, Feature } from '../../types.js';
import { orderedEncoder } from '../encoder.js';
import { checkFinite } from '../finite.js';
import { float32Text } from '../float32.js';
import { booleanOf, encodeCode } from './cells.js';
import { CHAIN, LAYER, predictCode, WIRED } from './code.js';
import { hasIntervals, intervalsCode } from './intervals.js';

export interface JsOptions {
  /** How many networks are drawn from the posterior for intervals; absent: the module gives none. */
  draws?: number | undefined;
}

/**
 * @param version of the program, named at the top.
 * @returns UTF-8 source of a module that exports `predict`, `inputs`, `target` and `missing`, with draws also `interval` and of a
 *   number `distribution`; for the same model the same bytes.
 * @throws `run.model-not-finite`.
 */
export function writeJsModule(model: CompressedModel, version: string, { draws }: JsOptions = {}): Uint8Array {
  checkFinite(model);
  const { encoder, inputPips, layers, activation, task, noiseVariance } = model;
  const { features, target, missing } = orderedEncoder(encoder);
  const graph = compressedGraph(model);
  const tokens = [...new Set(['', ...missing.map((text) => text.trim())])];
  const likelihood = likelihoodOf(task);
  const parts = [
    `// A network pruned by bnnc ${version}: predict({ column: cell, ... }), cells being numbers or text as in a CSV file.`,
    `/** What is predicted. */\nexport const target = ${literal(target)};`,
    '/** The columns that predict() needs: posterior inclusion probability (pip), and (raw - mean) / scale of the encoded columns. */\n' +
      `export const inputs = ${list(features.map((feature, f) => literal(described(feature, inputPips[f]))))};`,
    `/** Texts that mean a missing cell, as undefined, null and NaN do. */\nexport const missing = ${literal(tokens)};`,
    '// Weights of the first input to each output, of the second, and so on. With `gap` only some are kept: each lies so many places\n' +
      `// behind the one before, and the others are 0.${graph.plain ? '' : SKIPS}\nconst layers = ${list(layers.map((layer, l) => layerText(layer, graph.field(l), draws !== undefined)))};`,
    `const activation = ${ACTIVATIONS[activation].exported.javascript};`,
    `${encodeCode(encoder)}\n\n${LAYER}\n\n${graph.plain ? CHAIN : WIRED}`,
    predictCode(likelihood, noiseVariance),
    ...(draws !== undefined && hasIntervals(likelihood)
      ? [intervalsCode(likelihood, noiseVariance, draws, list(layers.map(deviationsText)))] : []),
  ];
  return new TextEncoder().encode(`${parts.join('\n\n')}\n`);
}

const SKIPS = `
// A layer with \`from\` does not read the units of the layer before, but these of the encoded columns and of all units so far.`;

/** JSON as an expression, which may also stand in a script element of HTML. */
const literal = (value: unknown): string =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

const list = (items: string[]): string => `[${items.map((item) => `\n  ${item},`).join('')}\n]`;

function described(feature: Feature, pip: number): object {
  const { name, kind, form, dates, columns, shared } = feature;
  const words = booleanOf(feature);
  return {
    name, kind, form, dates,
    ...((kind === 'categorical' || form === 'ordinal') && { levels: levelsOf(feature) }),
    ...(words && { words }), shared,
    ...(kind === 'numeric' && { range: columns.find(({ type }) => type === 'number')?.range }),
    pip: Number(pip.toPrecision(4)),
    missing: trainedOnMissing(feature),
    columns: columns.map(({ type, part, level, mean, scale, clip }: EncodedColumn) => ({ type, part, level, mean, scale, clip })),
  };
}

/** The kept weights alone when that is the shorter text. @param drawn whether also those are kept that are 0 on average alone */
function layerText({ weight, weightSd, bias }: CompressedLayer, { sources }: Pick<CompressedLayer, 'sources'>, drawn: boolean): string {
  const places = keptPlaces(weight, drawn ? weightSd : weight);
  const own = places
    ? `weight: ${numbers(places.map((at) => weight[at]))}, gap: [${gaps(places).join()}]` : `weight: ${numbers(weight)}`;
  return `{ bias: ${numbers(bias)}, ${sources ? `from: [${sources.join()}], ` : ''}${own} }`;
}

/** Of the weights that {@link layerText} has. */
function deviationsText({ inputs, weight, weightSd, biasSd }: CompressedLayer): string {
  const places = keptPlaces(weight, weightSd);
  return `{ inputs: ${inputs}, bias: ${numbers(biasSd)}, weight: ${numbers(places?.map((at) => weightSd[at]) ?? weightSd)} }`;
}

/** Where weights are, of themselves or of others; undefined where all of them are the shorter text. */
function keptPlaces(weight: Float32Array, other: Float32Array): number[] | undefined {
  const kept = [...weight.keys()].filter((at) => weight[at] !== 0 || other[at] !== 0);
  const [dense, sparse] = [numbers(weight), `${numbers(kept.map((at) => weight[at]))}, gap: [${gaps(kept).join()}]`];
  return sparse.length < dense.length ? kept : undefined;
}

const gaps = (places: number[]): number[] => places.map((at, n) => at - (places[n - 1] ?? -1));

/** `[.5,-.25,3]`: the shortest that gives the same float32s. */
const numbers = (values: ArrayLike<number>): string =>
  `[${Array.from(values, (value) => float32Text(value).replace(/^(-?)0\./, '$1.').replace('e+', 'e')).join()}]`;
