import { describe, expect, it } from 'vitest';
import { choiceText, ensembleText } from '../../../../../src/cli/commands/prune/text.js';
import { inCli } from '../../../../../src/cli/voice.js';
import type { CurvePoint } from '../../../../../src/prune/curve.js';
import { worsening } from '../../../../../src/prune/document.js';

const point = (threshold: number, from: number, to: number, nll: number, mean: number, standardError: number): CurvePoint => ({
  threshold, from, to, inputs: 1, nodes: 1, weights: 1, parameters: 2, onnxBytes: 100,
  validation: { rows: 80, nll, nllSe: 0.1 }, excess: { mean, standardError },
});
const points = [point(0.5, 0.2, 0.6, 1.25, 0, 0), point(0.7, 0.7, 0.7, 1.3, 0.05, 0.06), point(0.8, 0.8, 0.99, 2, 0.75, 0.2)];
const choice = { rule: 'one-standard-error' as const, rows: 80, best: 0.5, points };

describe('what prune says of its choice', () => {
  it('names the rule, the best and the distance from it', () => {
    expect(choiceText({ ...choice, chosen: 0.7 })).toBe(
      'threshold auto is 0.7: the strictest within one standard error ' +
      'of the least negative log-likelihood of the 80 validation rows, 0.0500 ± 0.0600 above the 1.250 at 0.5');
  });

  it('says that the best itself was taken, with the thresholds that are the same, and that rows are few', () => {
    const text = choiceText({ ...choice, chosen: 0.5, rows: 12 });
    expect(text)
      .toMatch(/^threshold auto is 0\.5 \(0\.2 to 0\.6 give the same network\): it has the least .* 12 validation rows/);
    expect(text).toMatch(/, 1\.250, and no sparser network is within one standard error; with so few rows this is unreliable$/);
  });
});

describe('what prune says of an ensemble', () => {
  it('counts its structures and gives their share', () => {
    expect(ensembleText({ structures: 3, share: 0.8 }, 3).join(' ')).toBe(
      'exported: the average of 3 structures of the search, whose share is 0.8000 of the average over structures');
    expect(ensembleText({ structures: 1, share: 0.25 })[0])
      .toMatch(/^exported: one structure of the search, whose share is 0\.2500 of/);
  });

  it('says that the linear model is among them, and how to be without it', () => {
    const lines = ensembleText({ structures: 3, share: 0.95, linear: 0.9 }, 4);
    expect(lines.join(' ')).toBe(
      'exported: the average of 3 structures of the search and the linear model of all inputs, ' +
      'whose share is 0.9500 of the average over structures the linear model has a share of 0.9000 ' +
      'it reads every input; without it, by --linear false, the inputs kept are read alone');
    const alone = ensembleText({ structures: 0, share: 0.9, linear: 0.9 }, 1);
    expect(alone[0]).toMatch(/^exported: the linear model of all inputs, whose/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says that there are fewer than asked for, within 80 columns', () => {
    const lines = ensembleText({ structures: 2, share: 0.123 }, 4);
    expect(lines.join(' ')).toMatch(/; no others use these inputs alone$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('what prune says of fine-tuning', () => {
  const tuning = (mean: number): Parameters<typeof worsening>[0] =>
    ({ fineTuning: { steps: 10, rows: 90, validation: { rows: 80, mean, standardError: 0.02 } } });

  it('warns of a loss by more than one standard error, and of nothing else', () => {
    const warning = inCli(worsening(tuning(0.03))!);
    expect(warning).toMatch(/^fine-tuning made the model worse: .* 80 validation rows rose by 0\.0300 ± 0\.0200; without /);
    for (const mean of [0.01, 0, -0.5]) expect(worsening(tuning(mean))).toBeUndefined();
    expect(worsening({ fineTuning: { steps: 10, rows: 90 } })).toBeUndefined();
    expect(worsening({})).toBeUndefined();
  });
});
