/** What came of the run, first in words: which inputs, how sure, how well, how small. */
import { headlineOf, type Metrics } from '../../likelihood/index.js';
import { metricRows } from '../../text/metric-rows.js';
import { runModels } from '../../text/run-models.js';
import { NOT_FOUND } from '../../text/input-verdict.js';
import { targetTable } from '../../text/target-figures.js';
import { runVerdict } from '../../text/verdict.js';
import type { InputInclusion, InputVerdict } from '../../types.js';
import { listed, plural, shortNumber } from '../../wording.js';
import type { ReportData } from '../gather.js';
import { carriedBy } from '../../text/background.js';
import { html, section, table, type Html } from '../html.js';
import { shortName } from '../plot.js';

type Part = Pick<ReportData, 'inputs' | 'metrics' | 'sizes' | 'findings'>;

export function verdict({ inputs, metrics, sizes, findings }: Part): Html {
  const { linear, dense, variational, full, median, search } = metrics;
  const split = (['test', 'validation', 'train'] as const).find((name) => full.splits[name] !== undefined)!;
  const models = runModels(metrics, split, 'pruned').filter(([, of]) => of !== undefined);
  const header = [plural(full.splits[split]!.rows, `${split} row`), ...models.map(([name]) => name)];
  const size = (label: string, pruned: number, others: Record<string, number | undefined>): string[] => {
    const cells: Record<string, number | undefined> = { ...others, pruned };
    return [label, ...models.map(([name]) => (cells[name] === undefined ? '-' : shortNumber(cells[name])))];
  };
  const { before, after, onnxBytes } = sizes;
  // An average over structures has the size of none of them.
  const whole = search ? undefined : full;
  const sizeRow = (label: string, key: keyof typeof before): string[] =>
    size(label, after[key], {
      linear: linear?.size[key], dense: dense?.size[key], variational: variational?.size[key], 'full posterior': whole?.size[key],
    });
  // The chosen network may be the linear candidate, which is smaller than the one asked for.
  const bytesOf = (model?: { size: typeof before }): number | undefined =>
    (model?.size.parameters === before.parameters ? onnxBytes.before : undefined);
  const weak = carriedBy(metrics.background?.named, median.inputs.length).map((line) => ` ${line}`).join('');
  const [answer, ...figures] = runVerdict(metrics);
  const eachTarget = targetTable('', median.targets?.[split]);
  return section('verdict', 'Verdict',
    answer !== undefined && html`<p class="lead">${answer}</p>\n<p>${figures.join(' ')}</p>\n`,
    html`<p class="lead">${inputWords(inputs)}${findings.some(({ code }) => code === 'tempered')
      && ' At the low temperature of this run these probabilities are too high.'}</p>\n<p>${choiceWords(inputs, median.inputs)}${comparison(dense?.splits[split], median.splits[split], sizes)}${weak}</p>\n`,
    table(header, [
      ...metricRows(models.map(([, of]) => of)),
      size('inputs', median.inputs.length, {
        linear: inputs.length, dense: inputs.length, variational: inputs.length, 'full posterior': inputs.length,
      }),
      sizeRow('parameters', 'parameters'),
      sizeRow('parameters that are not zero', 'nonZero'),
      sizeRow('multiply-adds per row', 'multiplyAdds'),
      size('bytes as ONNX', onnxBytes.after, { dense: bytesOf(dense), 'full posterior': bytesOf(whole) }),
    ]),
    eachTarget.length > 0 && html`<p>Each target in its own units, as the pruned network predicts it:</p>
${table(eachTarget[0], eachTarget.slice(1))}`,
    html`<p class="quiet"><em>No inputs</em> gives every row the same prediction, from the training targets alone.${linear && html` <em>Linear</em> is a linear model of all inputs with a penalty (ridge).`} <em>Dense</em> is the same network without gates.
${search ? html`<em>Variational</em> averages over gates and weights, <em>full posterior</em> over structures and weights.`
    : html`<em>Full posterior</em> averages over gates and weights.`} <em>Pruned</em> uses only the parts with a posterior inclusion probability (PIP) of at
least 0.5. Figures after ± are standard errors over rows.</p>\n`);
}

/** From so much on an input is called sure, or likely. */
const SURE = 0.95;
const IN = 0.5;
const DOUBTFUL = 0.05;

/** Of an input that is in: how it acts, if that is known. */
const WAYS: Record<InputVerdict, string> = { zero: '', linear: ', linear', nonlinear: ', nonlinear' };

/** `2 of 7 inputs matter: Perimeter is sure (PIP 1.00), ...`. */
export function inputWords(all: readonly InputInclusion[]): string {
  const given = all.filter((row) => row.kept).map(({ input }) => shortName(input));
  const inputs = all.filter((row) => !row.kept);
  const said = inputs.length > 0 ? freeWords(inputs) : '';
  return given.length > 0 ? `${said} Kept whatever the rows say: ${listed(given, 12)}.`.trimStart() : said;
}

function freeWords(inputs: readonly InputInclusion[]): string {
  const ranked = [...inputs].sort((a, b) => b.pip - a.pip);
  const between = (low: number, high: number): InputInclusion[] => ranked.filter(({ pip }) => pip >= low && pip < high);
  const names = (some: readonly InputInclusion[]): string =>
    listed(some.map(({ input, pip, verdict }) => `${shortName(input)} (${pip.toFixed(2)}${WAYS[verdict ?? 'zero']})`), 12);
  const [sure, likely, doubtful] = [between(SURE, Infinity), between(IN, SURE), between(DOUBTFUL, IN)];
  const kept = sure.length + likely.length;
  const clauses = [
    ...(sure.length > 0 ? [`sure: ${names(sure)}`] : []),
    ...(likely.length > 0 ? [`likely: ${names(likely)}`] : []),
    ...(doubtful.length > 0 ? [`in doubt: ${names(doubtful)}`] : []),
  ];
  const rest = inputs.length - kept - doubtful.length;
  const found = clauses.length > 0 ? ` (PIP in brackets) – ${clauses.join('; ')}` : '';
  if (kept === 0) return `None of ${plural(inputs.length, 'input')} was found to matter${found}. ${NOT_FOUND}`;
  return `${kept} of ${plural(inputs.length, 'input')} ${kept === 1 ? 'matters' : 'matter'}${found}.` +
    (rest > 0 ? ` No effect of the other ${rest === 1 ? 'one' : rest} was found.` : '');
}

/** Where the network that was chosen keeps other inputs than the average over all networks. */
function choiceWords(inputs: readonly InputInclusion[], kept: readonly string[]): string | undefined {
  const averaged = new Set(inputs.filter(({ pip }) => pip >= IN).map(({ input }) => input));
  const [more, fewer] = [kept.filter((input) => !averaged.has(input)), [...averaged].filter((input) => !kept.includes(input))];
  const names = (some: readonly string[]): string => listed(some.map((name) => shortName(name)));
  const clauses = [...(more.length > 0 ? [`also has ${names(more)}`] : []), ...(fewer.length > 0 ? [`does without ${names(fewer)}`] : [])];
  return clauses.length > 0 ? `The pruned network is that of the chosen fit; it ${clauses.join(' and ')}. ` : undefined;
}

/** The pruned network beside the dense one, and whether the difference is more than chance. */
function comparison(dense: Metrics | undefined, pruned: Metrics | undefined, { before, after, onnxBytes }: ReportData['sizes']): string {
  const times = (from: number, to: number): string => {
    const ratio = from / Math.max(1, to);
    return ratio < 9.95 ? ratio.toFixed(1) : shortNumber(Math.round(ratio));
  };
  const smaller = `The pruned network has ${times(before.parameters, after.parameters)} times fewer parameters ` +
    `and takes ${times(onnxBytes.before, onnxBytes.after)} times fewer bytes than the whole network`;
  const { name, label, higherIsBetter } = headlineOf(dense ?? {});
  const [one, other] = [dense?.[name], pruned?.[name]];
  if (typeof one !== 'number' || typeof other !== 'number') return `${smaller}.`;
  const error = Math.max(dense?.[`${name}Se`] ?? 0, pruned?.[`${name}Se`] ?? 0);
  const better = (other - one) * (higherIsBetter ? 1 : -1);
  const words = Math.abs(better) <= error ? 'within one standard error of' : better > 0 ? 'better than' : 'worse than';
  return `${smaller}. Its ${label}, ${shortNumber(other)}, is ${words} that of the dense network, ${shortNumber(one)}.`;
}
