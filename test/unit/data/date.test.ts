import { describe, expect, it } from 'vitest';
import { parseMoment } from '../../../src/data/date.js';

/** Days since 1970, as Date has them. */
const days = (iso: string): number => Date.parse(iso) / 86_400_000;

describe('dates', () => {
  it.each([
    ['2024-03-01', 'iso', '2024-03-01T00:00Z', 2024, 2, 4, 0],
    ['2024/3/1', 'iso', '2024-03-01T00:00Z', 2024, 2, 4, 0],
    ['2024-03-01T12:30:00Z', 'iso', '2024-03-01T12:30Z', 2024, 2, 4, 12.5],
    ['2024-03-01 12:30', 'iso', '2024-03-01T12:30Z', 2024, 2, 4, 12.5],
    ['2024-03-01T12:30:00.000+02:00', 'iso', '2024-03-01T10:30Z', 2024, 2, 4, 12.5],
    ['2024-03-01T23:00-0530', 'iso', '2024-03-02T04:30Z', 2024, 2, 4, 23],
    ['01.03.2024', 'dayFirst', '2024-03-01T00:00Z', 2024, 2, 4, 0],
    ['1/3/2024 6:00', 'dayFirst', '2024-03-01T06:00Z', 2024, 2, 4, 6],
    ['03/01/2024', 'monthFirst', '2024-03-01T00:00Z', 2024, 2, 4, 0],
    ['1969-12-31', 'iso', '1969-12-31T00:00Z', 1969, 11, 2, 0],
    ['2024-02-29', 'iso', '2024-02-29T00:00Z', 2024, 1, 3, 0],
    ['1900-01-01', 'iso', '1900-01-01T00:00Z', 1900, 0, 0, 0],
  ] as const)('%s', (text, order, instant, year, month, weekday, hour) => {
    const found = parseMoment(text, order)!;
    expect(found).toMatchObject({ year, month, weekday, hour });
    expect(found.days).toBeCloseTo(days(instant), 9);
  });

  it.each(['', '2024', '20240301', '2024-13-01', '2023-02-29', '2024-03-01x', '2024-03/01', '2024-03-01 24:00', '2024-03-01 1', '12:30', '-2024-03-01'])(
    'are not %j', (text) => expect(parseMoment(text, 'iso')).toBeUndefined());

  it('begin with the day or the month only where that is said', () => {
    expect(parseMoment('01.03.2024', 'iso')).toBeUndefined();
    expect(parseMoment('2024-03-01', 'dayFirst')).toBeUndefined();
    expect(parseMoment('13/01/2024', 'monthFirst')).toBeUndefined();
    expect(parseMoment('01/13/2024', 'dayFirst')).toBeUndefined();
  });
});
