import { describe, expect, it } from 'vitest';
import { verdictSentences } from '../../../src/text/verdict.js';
import type { Gain, RowsVerdict, VerdictKind } from '../../../src/work/verdict.js';

const gain = (mean: number, half: number): Gain => ({ mean, lower: mean - half, upper: mean + half });
const verdict = (kind: VerdictKind, network: Gain, over: Gain, linear: Gain): RowsVerdict =>
  ({ kind, rows: 180, overNoInputs: network, overLinear: over, linearOverNoInputs: linear, detectable: 0.0871 });
const classes = (accuracy: number) => ({ accuracy, nll: 0.5 });
const models = { none: classes(0.5), linear: classes(0.872), network: classes(0.906) };
const say = (judged: RowsVerdict): string[] => verdictSentences(judged, '180 test rows', models);

const cases: [VerdictKind, RowsVerdict, RegExp][] = [
  ['better-than-linear', verdict('better-than-linear', gain(0.39, 0.09), gain(0.21, 0.1), gain(0.18, 0.1)), /better than a linear model/],
  ['linear-enough', verdict('linear-enough', gain(0.38, 0.09), gain(0.01, 0.03), gain(0.37, 0.08)), /^A linear model is enough, as far as/],
  ['nothing-found', verdict('nothing-found', gain(-0.0002, 0.0015), gain(0.001, 0.01), gain(-0.001, 0.01)), /^Nothing was found/],
  ['worse-than-linear', verdict('worse-than-linear', gain(0.05, 0.05), gain(-0.36, 0.16), gain(0.41, 0.1)), /worse than a linear model/],
  ['worse-than-guessing', verdict('worse-than-guessing', gain(-0.36, 0.16), gain(-0.36, 0.16), gain(0, 0.01)), /worse than guessing/],
  ['undecided', verdict('undecided', gain(0.1, 0.2), gain(0, 0.16), gain(0.1, 0.3)), /do not show whether/],
  ['undecided', verdict('undecided', gain(-8.5e58, 1.7e59), gain(1.2e58, 3e59), gain(-9e58, 1.8e59)), /do not show whether/],
  ['undecided', verdict('undecided', gain(0.3, 0.2), gain(0.2, 0.3), gain(0.1, 0.3)), /perhaps no better than a linear model/],
];

describe('the verdict in words', () => {
  it.each(cases)('%s: the first sentence answers, each fits a line of 80 columns', (_, judged, first) => {
    const sentences = say(judged);
    expect(sentences[0]).toMatch(first);
    expect(sentences.filter((sentence) => sentence.length > 80)).toEqual([]);
  });

  it('has the figures with their intervals and the first metric', () => {
    expect(say(cases[0][1])).toEqual([
      'The network is better than a linear model, as 180 test rows show.',
      'Over the linear model it gains 0.21 nats per row (95 %: 0.11 to 0.31).',
      'Over guessing it gains 0.390 (0.300 to 0.480).',
      'Accuracy: network 90.6 %, linear 87.2 %, no inputs 50.0 %.',
    ]);
  });

  it('never claims that there is nothing', () => {
    const said = say(cases[2][1]);
    expect(said.join(' ')).not.toMatch(/no input predicts|nothing predicts|there is nothing/);
    expect(said.at(-1)).toBe('A gain below 0.09 nats per row could still be there: so few rows seldom show it.');
    expect(said[1]).toBe('Over guessing the network gains -0.0002 nats per row (95 %: -0.0017 to 0.0013).');
  });

  it('says why a small gain does not count', () => {
    const said = say(verdict('nothing-found', gain(0.012, 0.01), gain(0, 0.01), gain(0, 0.01)));
    expect(said[2]).toBe('Over all rows that is 2.2 nats; from 3 on it would count.');
  });

  it('tells numbers by the variance that is explained', () => {
    const numbers = { none: { rmse: 2, nll: 1 }, network: { rmse: 1, nll: 0.5 } };
    expect(verdictSentences(cases[1][1], '30 test rows', numbers).at(-1)).toBe('Explained variance: network 75.0 %.');
  });

  it('tells a metric of another kind by its figures', () => {
    expect(verdictSentences(cases[1][1], '30 test rows', { none: { nll: 1 }, network: { nll: 0.5 } }).at(-1))
      .toBe('Negative log-likelihood: network 0.5000, no inputs 1.000.');
  });
});
