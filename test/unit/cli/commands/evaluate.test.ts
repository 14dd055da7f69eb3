import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../../src/api/evaluate.js';
import { evaluationText } from '../../../../src/cli/commands/evaluate/text.js';
import { figuresOfClasses, rowLosses } from '../../../../src/inference/predictive/evaluate.js';
import { classesOf, metricsOf, type OutputDraws } from '../../../../src/likelihood/index.js';
import { Stream } from '../../../../src/random.js';
import type { Target } from '../../../../src/types.js';

const ROWS = 1250;
const stream = Stream.fromSeed('evaluate');

function evaluation(target: Target, outputs: number, threshold?: number): Evaluation {
  const values = stream.split('f').normals(2 * ROWS * outputs).map((f) => 3 * f);
  const drawn: OutputDraws = { task: target.task, draws: 2, rows: ROWS, outputs, values, noiseVariance: 0.5 };
  const classCount = classesOf(target)?.length;
  const y = classCount === undefined ? stream.split('y').normals(ROWS)
    : Float32Array.from(stream.split('y').uniforms(ROWS), (u) => Math.floor(u * classCount));
  const losses = rowLosses(drawn, y, target, threshold);
  const [metrics, classes] = [metricsOf(losses), figuresOfClasses(losses, target)];
  return {
    model: 'runs/a', kind: 'run', data: 'new.csv', target: 'y', task: target.task, metrics, baseline: metrics, linear: metrics,
    ...(classes && { classes }), ...(threshold !== undefined && { decisionThreshold: threshold }),
  };
}

const levels = (count: number): string[] => Array.from({ length: count }, (_, c) => `a long name of class ${c + 1}\nin two lines`);
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('the text of an evaluation', () => {
  it('fits 80 columns', () => {
    const number = evaluationText(evaluation({ name: 'y', task: 'regression', mean: 1e5, scale: 54321 }, 1));
    const many = evaluationText(evaluation({ name: 'y', task: 'multiclass', levels: levels(12) }, 12));
    expect([number, many].map(widest).filter((width) => width > 80)).toEqual([]);
    expect(many).toContain('The confusion matrix of 12 classes is in the document that --json prints.');
    expect(number).toMatch(/^RMSE|R²|MAE|CRPS|pinball 95 %/m);
  });

  it('has a row for each class, and the confusion matrix', () => {
    const found = evaluation({ name: 'y', task: 'binary', levels: ['no', 'yes'] }, 1, 0.2);
    const lines = evaluationText(found).split('\n');
    expect(lines[0]).toBe('new.csv: predictions of y, yes from a probability of 0.2 on');
    const [no, yes] = found.classes!;
    const at = lines.findIndex((line) => line.startsWith('rows of / predicted as'));
    const counts = lines.slice(at + 1, at + 3).map((line) => line.trim().split(/ +/));
    expect(counts).toEqual([no, yes].map((each) => [each.class, String(each.predicted.no), String(each.predicted.yes)]));
    expect(no.rows + yes.rows).toBe(ROWS);
    expect(widest(lines.join('\n'))).toBeLessThanOrEqual(80);
  });
});
