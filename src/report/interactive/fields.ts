/** What a form has for each input. */
import { levelsOf, trainedOnMissing } from '../../data/feature.js';
import type { CompressedModel, DateOrder, Feature } from '../../types.js';
import type { Start } from './typical.js';

/** Inputs that can be moved; the others stay as they start. */
export const MAX_FIELDS = 30;
/** A slider has at least so many places. */
const PLACES = 100;

interface Common {
  name: string;
  /** Whether the model tells missing cells from others. */
  missing: boolean;
}

/** What the page's script takes: plain JSON. */
export type Field = Common & (
  | { type: 'number'; start: number; min: number; max: number; step: number; percent?: true }
  /** In days since 1970. */
  | { type: 'date'; start: number; min: number; max: number; step: number; order: DateOrder; hours: boolean }
  | { type: 'choice'; start: string; options: string[] }
);

/** One for each input of a model without groups, most probable first. @param starts of the inputs in the encoder's order */
export function fieldsOf({ encoder: { features }, inputPips }: CompressedModel, starts: readonly Start[]): Field[] {
  const order = features.map((_, f) => f).sort((a, b) => inputPips[b] - inputPips[a] || a - b);
  return order.map((f) => fieldOf(features[f], starts[f]));
}

/** What a cell holds where a pruned network only asks whether there is one. */
const GIVEN = '0';
const GIVEN_DATE = '1970-01-01';

function fieldOf(feature: Feature, { value, whole }: Start): Field {
  const { name, kind, form, columns, dates } = feature;
  const common = { name, missing: trainedOnMissing(feature) };
  if (kind === 'categorical' || form === 'ordinal') {
    const options = levelsOf(feature);
    return { ...common, type: 'choice', start: String(value), options: options.length > 0 ? options : [String(value)] };
  }
  const number = columns.find(({ type }) => type === 'number');
  if (!number) {
    const cell = kind === 'date' ? GIVEN_DATE : form === 'percent' ? `${GIVEN}%` : GIVEN;
    return { ...common, type: 'choice', start: cell, options: [cell] };
  }
  const start = Number(value);
  if (kind === 'date') {
    const hours = columns.some(({ part }) => part?.startsWith('hour'));
    const { order, days: [least, most] } = dates!;
    return {
      ...common, type: 'date', start, order, hours, ...(hours ? { min: least, max: most } : { min: Math.floor(least), max: Math.ceil(most) }),
      step: hours ? 1 / 24 : 1,
    };
  }
  // Encoders of early versions lack the range.
  const [least, most] = number.range ?? [number.mean - 2 * number.scale, number.mean + 2 * number.scale];
  const step = Math.max(whole ? 1 : 0, roundStep((most - least) / PLACES));
  const rounded = (places: number): number => Number((places * step).toPrecision(12));
  return {
    ...common, type: 'number', start, min: rounded(Math.floor(least / step + 1e-9)), max: rounded(Math.ceil(most / step - 1e-9)), step,
    ...(form === 'percent' && { percent: true as const }),
  };
}

/** 1, 2 or 5 times a power of ten, at most `size`. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const digit = [5, 2, 1].find((each) => each * power <= size * (1 + 1e-9)) ?? 1;
  return Number((digit * power).toPrecision(1));
}
