/** Partial dependence on a date: along its days, or along what is left of it after pruning. */
import { describe, expect, it } from 'vitest';
import { DATE_PARTS, momentAt, partOf } from '../../../../src/data/date.js';
import { meanOutputs } from '../../../../src/inference/predictive/compressed-draws.js';
import { dependence } from '../../../../src/inference/predictive/dependence.js';
import type { CompressedModel, DatePart, EncodedColumn, Encoder, Feature } from '../../../../src/types.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { encoderFor } from '../../../helpers/random-posterior.js';

/** 2024-01-01 and the last day of that year, since 1970. */
const [FIRST, LAST] = [19723, 20088];

function dated(parts: readonly DatePart[], missing = false): { encoder: Encoder; model: CompressedModel } {
  const columns: EncodedColumn[] = parts.map((part, c) => ({ name: `d ${part}`, type: 'number', part, mean: 0.1 * c, scale: 1 + c }));
  if (missing) columns.push({ name: 'd=missing', type: 'missing', mean: 0, scale: 1 });
  const feature = { name: 'd', kind: 'date', columns, dates: { days: [FIRST, LAST] }, ...(missing && { missing }) } as Feature;
  const encoder: Encoder = { ...encoderFor('regression', []), features: [feature] };
  const model = randomCompressed({ seed: 1, task: 'regression', features: columns.map(() => 1), hidden: [] });
  const [layer] = model.layers;
  const none = new Float32Array(layer.outputs);
  const weight = Float32Array.from(columns, (_, c) => c + 1);
  const linear = { ...layer, weight, weightSd: weight.map(() => 0), bias: none, biasSd: none };
  return { encoder, model: { ...model, encoder, layers: [linear] } };
}

/** What the model gives where the date's columns have these raw values. */
function expected({ features: [{ columns }], target }: Encoder, raw: (part: DatePart) => number): number {
  if (target.task !== 'regression') throw new Error('a number is predicted');
  const sum = columns.reduce((total, { part, mean, scale }, c) =>
    total + (c + 1) * ((part === undefined ? 0 : raw(part)) - mean) / scale, 0);
  return sum * target.scale + target.mean;
}

const rowsOf = (cols: number) => ({ rows: 2, cols, data: new Float32Array(2 * cols) });

describe('partial dependence on a date', () => {
  it.each([false, true])('goes along its days, each with all that the calendar shows; cells missing: %s', (missing) => {
    const { encoder, model } = dated(DATE_PARTS.slice(0, 4), missing);
    const rows = rowsOf(4 + Number(missing));
    const { values, dates, curves: [{ mean }] } = dependence(encoder, rows, (x) => meanOutputs(model, x), 0);
    expect(dates).toBe(true);
    expect([values.length, values[0], values[24]]).toEqual([25, FIRST, LAST]);
    values.forEach((day, at) =>
      expect(mean[at]).toBeCloseTo(expected(encoder, (part) => partOf(momentAt(day as number), part)), 1));
  });

  it('goes along the week where nothing else is left', () => {
    const { encoder, model } = dated(['weekday sin', 'weekday cos']);
    const { values, rug, curves: [{ mean }] } = dependence(encoder, rowsOf(2), (x) => meanOutputs(model, x), 0);
    expect(values).toEqual(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);
    expect(rug).toBeUndefined();
    values.forEach((_, day) => {
      const angle = 2 * Math.PI * day / 7;
      expect(mean[day]).toBeCloseTo(expected(encoder, (part) => (part.endsWith('sin') ? Math.sin(angle) : Math.cos(angle))), 4);
    });
  });

  it('goes along the day where the hour alone is left', () => {
    const { encoder, model } = dated(['hour sin', 'hour cos']);
    const { values, rug, curves: [{ mean }] } = dependence(encoder, rowsOf(2), (x) => meanOutputs(model, x), 0);
    expect(values).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
    expect(rug).toEqual([]);
    values.forEach((hour, at) => {
      const angle = 2 * Math.PI * (hour as number) / 24;
      expect(mean[at]).toBeCloseTo(expected(encoder, (part) => (part.endsWith('sin') ? Math.sin(angle) : Math.cos(angle))), 4);
    });
  });
});
