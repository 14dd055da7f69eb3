/** What `bnnc cv` shows a person. */

import {
  allMetrics, type CvDocument, type Estimate, type Metric, type MetricEstimates, type Metrics, type ModelSummary,
  type TargetEstimates,
} from '../../../api/cross-validate.js';
import { findingLine } from '../../../api/inspect.js';
import { wrapped } from '../../../text/sets.js';
import { foldsText } from '../../../text/division.js';
import { fitsText } from '../../../text/fits.js';
import { metricTable } from '../../../text/metric-rows.js';
import { verdictSentences } from '../../../text/verdict.js';
import { shortTarget } from '../../../text/target-figures.js';
import { plural, shortNumber, textTable } from '../../table.js';

const MODELS = [
  ['baseline', 'no inputs'], ['linear', 'linear'], ['dense', 'dense'], ['full', 'full posterior'], ['pruned', 'pruned'], ['tuned', 'fine-tuned'],
] as const;
const SIZES = [['inputs', 'inputs'], ['parameters', 'parameters'], ['nonZero', 'non-zero parameters']] as const;
/** Figures of each of several targets, in tables that fit into 80 columns. */
const OF_TARGETS = [
  [['rmse', 'RMSE'], ['mae', 'MAE'], ['r2', 'R²']], [['coverage90', '90 % coverage'], ['crps', 'CRPS']],
] as const;
/** So many inputs are listed in any case; beyond them only those that some fit selects. */
const MAX_INPUTS = 20;

/** The tables, one below the other: over folds, of each target, differences to the dense model, over rows, inputs. */
export function cvTables({ data, target, task, plan, models, differences, verdict, inputs, findings }: CvDocument): string {
  const { folds, threshold } = plan;
  const present = MODELS.flatMap(([name, label]): [string, ModelSummary][] => (models[name] ? [[label, models[name]]] : []));
  const judged = { none: models.baseline?.pooled, linear: models.linear?.pooled, network: models.full!.pooled };
  const sections = [
    verdictSentences(verdict, plural(folds, 'fold'), judged).map((line) => `${line}\n`).join(''),
    `${data.name}: ${plural(data.rows, 'row')}, ${task} of ${target}\n${foldsText(plan)}, ${fitsText(plan)}, threshold ${threshold}\n`,
    ...findings.map((finding) => `${wrapped(`${finding.severity}: ${findingLine(finding)}`, 80).join('\n')}\n`),
    textTable(estimateTable('mean over folds', present.map(([name, model]) => [name, model.folds]))),
    ...targetTables(models.full!.targets ?? []),
    textTable([
      ['size', ...SIZES.map(([, label]) => label)],
      ...present.map(([name, { size }]) => [name, ...SIZES.map(([key]) => counted(size[key]))]),
    ]),
  ];
  if (differences) {
    const { pruned, tuned } = differences;
    sections.push(textTable(estimateTable('minus dense', [['pruned', pruned], ['fine-tuned', tuned]])));
  }
  const pooled = present.map(([name, model]): [string, Metrics] => [name, model.pooled]);
  sections.push(textTable(metricTable('all rows pooled', pooled)), inputTable(inputs));
  return sections.join('\n');
}

const shown = ({ mean, se }: Estimate): string => `${shortNumber(mean)} ± ${shortNumber(se)}`;

/** A model, or a difference of two, in each row, a metric in each column; errors of those that have one in every table. */
function estimateTable(corner: string, rows: readonly (readonly [name: string, estimates: MetricEstimates])[]): string[][] {
  const told = allMetrics().filter(({ name, detail }) => !detail && rows[0][1][name] !== undefined);
  return [
    [corner, ...told.map(({ short }) => short)],
    ...rows.map(([label, estimates]) => [label, ...told.map((metric) => cellOf(estimates, metric))]),
  ];
}

const cellOf = (estimates: MetricEstimates, { name, error }: Metric): string =>
  (error ? shown(estimates[name]!) : shortNumber(estimates[name]!.mean));

/** None of a single target. */
function targetTables(targets: readonly TargetEstimates[]): string[] {
  if (targets.length === 0) return [];
  return OF_TARGETS.map((told) => textTable([
    ['full posterior', ...told.map(([, label]) => label)],
    ...targets.map(({ target, folds }) => [shortTarget(target), ...told.map(([name]) => (folds[name] ? shown(folds[name]) : '-'))]),
  ]));
}

const counted = ({ mean, se }: Estimate): string => `${mean.toFixed(1)} ± ${se.toFixed(1)}`;

function inputTable(inputs: CvDocument['inputs']): string {
  const listed = inputs.filter(({ restarts }, at) => at < MAX_INPUTS || restarts > 0);
  const share = (value: number): string => `${Math.round(100 * value)} %`;
  const rows = listed.map(({ input, folds, restarts, pip, pipMin, pipMax }) =>
    [input, share(folds), share(restarts), ...[pip, pipMin, pipMax].map((value) => value.toFixed(2))]);
  const left = inputs.length - listed.length;
  return textTable([['selected in', 'folds', 'fits', 'mean PIP', 'lowest', 'highest'], ...rows]) +
    (left > 0 ? `${plural(left, 'more input')}: never selected\n` : '');
}
