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

/**
 * @param version of the program, named at the top.
 * @returns UTF-8 source of a module that exports `predict`, `inputs`, `target` and `missing`; for the same model the same bytes.
 * @throws `run.model-not-finite`.
 */
export function writeJsModule(model: CompressedModel, version: string): Uint8Array {
  checkFinite(model);
  const { encoder, inputPips, layers, activation, task, noiseVariance } = model;
  const { features, target, missing } = orderedEncoder(encoder);
  const graph = compressedGraph(model);
  const tokens = [...new Set(['', ...missing.map((text) => text.trim())])];
  const parts = [
    `// A network pruned by bnnc ${version}: predict({ column: cell, ... }), cells being numbers or text as in a CSV file.`,
    `/** What is predicted. */\nexport const target = ${literal(target)};`,
    '/** The columns that predict() needs: posterior inclusion probability (pip), and (raw - mean) / scale of the encoded columns. */\n' +
      `export const inputs = ${list(features.map((feature, f) => literal(described(feature, inputPips[f]))))};`,
    `/** Texts that mean a missing cell, as undefined, null and NaN do. */\nexport const missing = ${literal(tokens)};`,
    '// Weights of the first input to each output, of the second, and so on. With `gap` only some are kept: each lies so many places\n' +
      `// behind the one before, and the others are 0.${graph.plain ? '' : SKIPS}\nconst layers = ${list(layers.map((layer, l) => layerText(layer, graph.field(l))))};`,
    `const activation = ${ACTIVATIONS[activation].exported.javascript};`,
    `${encodeCode(encoder)}\n\n${LAYER}\n\n${graph.plain ? CHAIN : WIRED}`,
    predictCode(likelihoodOf(task), noiseVariance),
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

/** The kept weights alone when that is the shorter text. */
function layerText({ weight, bias }: CompressedLayer, { sources }: Pick<CompressedLayer, 'sources'>): string {
  const kept = [...weight.keys()].filter((at) => weight[at] !== 0);
  const dense = `weight: ${numbers(weight)}`;
  const sparse = `weight: ${numbers(kept.map((at) => weight[at]))}, gap: [${kept.map((at, n) => at - (kept[n - 1] ?? -1)).join()}]`;
  return `{ bias: ${numbers(bias)}, ${sources ? `from: [${sources.join()}], ` : ''}${sparse.length < dense.length ? sparse : dense} }`;
}

/** `[.5,-.25,3]`: the shortest that gives the same float32s. */
const numbers = (values: ArrayLike<number>): string =>
  `[${Array.from(values, (value) => float32Text(value).replace(/^(-?)0\./, '$1.').replace('e+', 'e')).join()}]`;
