/** What `bnnc evaluate` prints. */

import type { ClassFigures, Evaluation } from '../../../api/evaluate.js';
import { detailRows, metricCell, metricTable, type NamedMetrics } from '../../../text/metric-rows.js';
import { targetTable } from '../../../text/target-figures.js';
import { oneLine, plural, textTable } from '../../table.js';

const WIDTH = 80;
const MAX_NAME = 24;

/** @param auto whether the decision threshold is that of the training rows */
export function evaluationText(evaluation: Evaluation, auto = false): string {
  const { kind, metrics, baseline, linear, target, data, classes, targets, decisionThreshold, weights } = evaluation;
  const all: NamedMetrics[] = [
    ['no inputs', baseline], ['linear', linear], [kind === 'run' ? 'full posterior' : 'exported model', metrics],
  ];
  const models = all.filter(([, of]) => of !== undefined);
  const details = detailRows(models.map(([, of]) => of));
  const rule = decisionThreshold === undefined ? '' : `, ${classes![1].class} from a probability of ${decisionThreshold} on`;
  return [
    `${data}: predictions of ${target}${rule}\n`,
    ...(auto ? ['The threshold has the highest balanced accuracy on the training rows.\n'] : []),
    ...(weights === undefined ? [] : [`Rows count by their weight in '${shortened(weights)}'.\n`]),
    textTable(metricTable(plural(metrics.rows, 'row'), models)),
    ...(details.length > 0 ? [textTable([['', ...models.map(([name]) => name)], ...details])] : []),
    ...(classes ? classTables(classes) : []),
    ...(targets ? [textTable(targetTable(models[models.length - 1][0], targets))] : []),
  ].join('\n');
}

/** Figures of each class, and the confusion matrix where it is narrow enough. */
function classTables(classes: readonly ClassFigures[]): string[] {
  const names = classes.map(({ class: name }) => shortened(name));
  const figures = textTable([
    ['class', 'rows', 'precision', 'recall', 'F1', 'AUC'],
    ...classes.map(({ rows, precision, recall, f1, auc }, c) =>
      [names[c], rows, ...[precision, recall, f1, auc].map((value) => metricCell(value, undefined))]),
  ]);
  const matrix = textTable([
    ['rows of / predicted as', ...names],
    ...classes.map(({ predicted }, c) => [names[c], ...classes.map(({ class: to }) => predicted[to] ?? 0)]),
  ]);
  const narrow = matrix.split('\n').every((line) => line.length <= WIDTH);
  return [figures, narrow ? matrix : `The confusion matrix of ${classes.length} classes is in the document that --json prints.\n`];
}

function shortened(name: string): string {
  const line = oneLine(name);
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME - 1)}…` : line;
}
