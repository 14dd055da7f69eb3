import { describe, expect, it } from 'vitest';
import type { LinearPart } from '../../../src/linear/types.js';
import { linearDocument, linearRule, linearText, ridgeOf } from '../../../src/store/linear.js';
import { encoderFor } from '../../helpers/random-posterior.js';

const encoder = encoderFor('multiclass', [1, 2]);
const columns = encoder.features.flatMap((feature) => feature.columns.map(({ name }) => name));
const part: LinearPart = {
  effects: {
    pips: Float64Array.of(0.25, 1), marginal: Float64Array.of(-1.5, 40), sweeps: 3,
    sets: [{ inputs: [1], probabilities: [0.99], purity: 1, logBayesFactor: 39 }],
    weight: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), bias: Float64Array.of(1, 2, 3),
  },
  ridge: { weight: new Float64Array(9), bias: new Float64Array(3), penalty: 2.5, noiseVariance: 1 }, seconds: 4,
};

describe('linear.json', () => {
  it('names inputs and columns, has a weight for each output, and no time, which is another each time', () => {
    const document = linearDocument(part, encoder);
    const [one, two] = encoder.features.map(({ name }) => name);
    expect(document.effects).toMatchObject({
      sweeps: 3, sets: [{ inputs: [{ input: two, probability: 0.99 }], purity: 1, logBayesFactor: 39 }],
      inputs: [{ input: one, pip: 0.25, logBayesFactor: -1.5 }, { input: two, pip: 1, logBayesFactor: 40 }], intercept: [1, 2, 3],
    });
    expect(document.effects!.columns.map(({ column, weight }) => [column, weight])).toEqual([
      [columns[0], [0.1, 0.2, 0.3]], [columns[1], [0.4, 0.5, 0.6]], [columns[2], [0.7, 0.8, 0.9]],
    ]);
    expect(document.ridge).toMatchObject({ penalty: 2.5, noiseVariance: 1 });
    expect(JSON.stringify(document)).not.toMatch(/seconds/);
    expect(linearRule(JSON.parse(JSON.stringify(document)))).toEqual([]);
  });

  it('has a line for each input and column, six digits, and reads as the document', () => {
    const third = { ...part, effects: { ...part.effects!, pips: Float64Array.of(1 / 3, 1 - 1e-9) } };
    const text = linearText(third, encoder);
    const [one] = encoder.features.map(({ name }) => name);
    expect(text).toContain(`\n      {"input":"${one}","pip":0.333333,"logBayesFactor":-1.5},\n`);
    expect(text).toContain(`\n      {"column":"${columns[0]}","weight":[0.1,0.2,0.3]},\n`);
    expect(text).toMatch(/^\{\n {2}"schemaVersion": 1,\n {2}"effects": \{\n/);
    expect(text).toMatch(/\}\n$/);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(linearDocument(third, encoder))));
    expect(JSON.parse(linearText({ skipped: 'too much', seconds: 0 }, encoder))).toEqual({ schemaVersion: 1, skipped: 'too much' });
  });

  it('gives the penalised linear model back, and refuses one of other columns', () => {
    const document = linearDocument(part, encoder);
    expect(ridgeOf(document, encoder, 'f')).toEqual(part.ridge);
    expect(ridgeOf({ schemaVersion: 1 }, encoder, 'f')).toBeUndefined();
    const { ridge } = document;
    const all = ridge!.columns;
    for (const columns of [all.slice(1), [...all].reverse(), all.map((each) => ({ ...each, weight: [1] }))]) {
      const other = { ...document, ridge: { ...ridge!, columns } };
      expect(() => ridgeOf(other, encoder, 'a/linear.json')).toThrow(/not as bnnc wrote it: the columns/);
    }
  });

  it('says what was left out', () => {
    const document = linearDocument({ skipped: 'too much', seconds: 0 }, encoder);
    expect(document).toEqual({ schemaVersion: 1, skipped: 'too much' });
    expect(linearRule(document)).toEqual([]);
  });

  it.each([[null], [{}], [{ schemaVersion: 2 }], [{ schemaVersion: 1, ridge: { penalty: -1 } }]])('is refused: %j', (document) => {
    expect(linearRule(document)).not.toEqual([]);
  });
});
