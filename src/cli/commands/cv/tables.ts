/** What `bnnc cv` shows a person. */

import { allMetrics, type CvDocument, type Estimate, type MetricEstimates, type Metrics, type ModelSummary } from '../../../api/cross-validate.js';
import { metricRows } from '../../../text/metric-rows.js';
import { plural, shortNumber, textTable } from '../../table.js';

const MODELS = [['dense', 'dense'], ['full', 'full posterior'], ['pruned', 'pruned'], ['tuned', 'fine-tuned']] as const;
const SIZES = [['inputs', 'inputs'], ['parameters', 'parameters'], ['nonZero', 'non-zero parameters']] as const;
/** So many inputs are listed in any case; beyond them only those that some fit selects. */
const MAX_INPUTS = 20;

/** The tables, one below the other: over folds, differences to the dense model, over rows, inputs. */
export function cvTables({ data, target, task, plan, models, differences, inputs }: CvDocument): string {
  const { folds, repeats, stratified, threshold, restarts } = plan;
  const present = MODELS.filter(([name]) => models[name] !== undefined);
  const names = present.map(([, label]) => label);
  const summaries = present.map(([name]) => models[name]!);
  const division = `${folds} ${stratified ? 'stratified folds' : 'folds'}${repeats > 1 ? `, ${repeats} times` : ''}`;
  const sections = [
    `${data.name}: ${plural(data.rows, 'row')}, ${task} of ${target}; ${division}, ${plural(restarts, 'restart')}, threshold ${threshold}\n`,
    textTable([['mean over folds', ...names], ...estimateRows(summaries.map((model) => model.folds)), ...sizeRows(summaries)]),
  ];
  if (differences) {
    const { pruned, tuned } = differences;
    sections.push(textTable([['paired difference', 'pruned - dense', 'fine-tuned - dense'], ...estimateRows([pruned, tuned])]));
  }
  const pooled: Metrics[] = summaries.map((model) => model.pooled);
  sections.push(textTable([['all rows pooled', ...names], ...metricRows(pooled)]), inputTable(inputs));
  return sections.join('\n');
}

const shown = ({ mean, se }: Estimate): string => `${shortNumber(mean)} ± ${shortNumber(se)}`;

const estimateRows = (columns: readonly MetricEstimates[]): string[][] =>
  allMetrics().filter(({ name }) => columns[0][name] !== undefined)
    .map(({ label, name }) => [label, ...columns.map((column) => shown(column[name]!))]);

const sizeRows = (models: readonly ModelSummary[]): string[][] =>
  SIZES.map(([name, label]) => [label, ...models.map(({ size }) => counted(size[name]))]);

const counted = ({ mean, se }: Estimate): string => `${mean.toFixed(1)} ± ${se.toFixed(1)}`;

function inputTable(inputs: CvDocument['inputs']): string {
  const listed = inputs.filter(({ restarts }, at) => at < MAX_INPUTS || restarts > 0);
  const share = (value: number): string => `${Math.round(100 * value)} %`;
  const rows = listed.map(({ input, folds, restarts, pip, pipMin, pipMax }) =>
    [input, share(folds), share(restarts), ...[pip, pipMin, pipMax].map((value) => value.toFixed(2))]);
  const left = inputs.length - listed.length;
  return textTable([['selected in', 'folds', 'restarts', 'mean PIP', 'lowest', 'highest'], ...rows]) +
    (left > 0 ? `${plural(left, 'more input')}: never selected\n` : '');
}
