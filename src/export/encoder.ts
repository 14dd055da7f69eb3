/** The encoder as it is saved: the same keys in the same order, whatever made it. */
import { orderedTarget } from '../likelihood/index.js';
import type { EncodedColumn, Encoder, Feature } from '../types.js';
import { checkDocument, parseDocument } from './json/document.js';
import { encoderRule } from './json/schema.js';

/** All keys of T, absent ones too, so that the compiler finds a forgotten one. JSON leaves `undefined` out. */
type AllKeys<T> = { [K in keyof Required<T>]: T[K] };

/** For `JSON.stringify`. */
export function orderedEncoder(
  { schemaVersion, features, target, targetForm, missing, style, weights, exposure, event, dropped }: Encoder,
): AllKeys<Encoder> {
  return {
    schemaVersion,
    features: features.map(orderedFeature),
    target: orderedTarget(target),
    targetForm,
    missing,
    style,
    weights,
    exposure,
    event,
    dropped: dropped.map(({ name, reason }) => ({ name, reason })),
  };
}

function orderedFeature(
  { name, kind, members, prior, form, dates, columns, levels, shared, missing }: Feature,
): AllKeys<Feature> {
  return {
    name, kind, members: members?.map(orderedFeature), prior, form, dates, columns: columns.map(orderedColumn),
    levels, shared, missing,
  };
}

const orderedColumn = ({ name, type, part, level, mean, scale, clip, range }: EncodedColumn): AllKeys<EncodedColumn> =>
  ({ name, type, part, level, mean, scale, clip, range });

/** encoder.json: UTF-8, indented, ending in a newline. */
export const writeEncoder = (encoder: Encoder): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(orderedEncoder(encoder), null, 2)}\n`);

/**
 * @param file what errors call it.
 * @throws `run.not-json`, `run.encoder-invalid`.
 */
export const readEncoder = (bytes: Uint8Array, file: string): Encoder =>
  checkDocument(parseDocument(bytes, file), encoderRule, 'run.encoder-invalid', file);
