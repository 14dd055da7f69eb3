/** Which classes are taken for which. */
import { classesOf, confusionMatrix, metricsOf } from '../../likelihood/index.js';
import { sumOf } from '../../maths/statistics.js';
import type { Target } from '../../types.js';
import type { ReportData } from '../gather.js';
import { figures, simpler } from '../figures.js';
import { lossesOf, type HeldOutDraws } from '../held-out.js';
import { figure, html, table, type Html } from '../html.js';
import { ACCENT, draw, FAINT, Plot, roomFor, shortName } from '../plot.js';

/** More classes make no matrix that can be read: then the commonest mistakes are listed. */
const MAX_CLASSES = 15;
const MAX_MISTAKES = 20;
/** Of a cell: in pixels, by how many classes there are. */
const sideOf = (classes: number): { width: number; height: number } =>
  (classes <= 4 ? { width: 92, height: 52 } : classes <= 8 ? { width: 66, height: 46 } : { width: 48, height: 36 });
/** Of the fullest cell, so that texts can be read on it. */
const DARKEST = 0.6;
const FIGURES = ['accuracy', 'rps', 'balancedAccuracy', 'f1', 'mcc'];
const NAME = 14;

interface Cell {
  truth: string;
  predicted: string;
  rows: number;
  /** Of the class, by weight. */
  share: number;
}

export function confusion(heldOut: HeldOutDraws, target: Target, metrics: ReportData['metrics']): Html {
  const { decisionThreshold: threshold } = metrics.median;
  const levels = classesOf(target)!;
  const at = (rule: string, p?: number): Html => {
    const losses = lossesOf(heldOut.outputs, heldOut, target, p);
    const { labels, predicted, weight } = losses;
    const cells = cellsOf(confusionMatrix({ labels: labels!, predicted: predicted!, weight }, levels.length), levels);
    return html`<div><h3>Confusion matrix: ${rule}</h3>
${levels.length > MAX_CLASSES ? mistakes(cells) : figure(matrix(cells, levels), html`Rows and their share of the true class${
    heldOut.weights && ' (by weight)'}. ${
    figures(metricsOf(losses), FIGURES, p === undefined ? simpler(metrics, heldOut.split) : [])}`)}</div>\n`;
  };
  const chosen = threshold !== undefined && threshold !== 0.5
    && at(`${shortName(levels[1], NAME)} from ${threshold} on`, threshold);
  return html`<div class="pair">${at('the likeliest class')}${chosen}</div>
${chosen && html`<p class="quiet">${threshold} is the threshold of the highest balanced accuracy on the training rows (decision threshold auto).</p>\n`}`;
}

function cellsOf(counts: ReturnType<typeof confusionMatrix>, levels: readonly string[]): Cell[] {
  return counts.flatMap((row, truth) => {
    const all = sumOf([...row.values()].map(({ weight }) => weight));
    return levels.map((predicted, to) => {
      const { rows, weight } = row.get(to) ?? { rows: 0, weight: 0 };
      return { truth: levels[truth], predicted, rows, share: all > 0 ? weight / all : 0 };
    });
  });
}

function matrix(cells: readonly Cell[], levels: readonly string[]): Html {
  const { width, height } = sideOf(levels.length);
  const names = levels.map((level) => shortName(level, NAME));
  const [marginLeft, turned] = [24 + roomFor(names), names.some((name) => 7 * name.length > width)];
  const [top, bottom] = [14, turned ? 64 : 38];
  // Names may be alike once they are shortened: places tell them apart.
  const placed = cells.map((cell) => ({ ...cell, row: levels.indexOf(cell.truth), column: levels.indexOf(cell.predicted) }));
  const nameAt = (at: number): string => names[at];
  const places = [...levels.keys()];
  return draw(`Confusion matrix of ${levels.length} classes`, {
    width: marginLeft + width * levels.length + 12, height: top + bottom + height * levels.length,
    marginLeft, marginRight: 12, marginTop: top, marginBottom: bottom,
    x: {
      type: 'band', domain: places, padding: 0.03, tickFormat: nameAt, tickSize: 0, label: 'predicted class', labelAnchor: 'center',
      labelArrow: 'none', ...(turned && { tickRotate: -35 }),
    },
    y: { type: 'band', domain: places, padding: 0.03, tickFormat: nameAt, tickSize: 0, label: 'true class', labelArrow: 'none' },
    opacity: { type: 'identity' },
    marks: [
      Plot.cell(placed, { x: 'column', y: 'row', fill: ACCENT, fillOpacity: ({ share }: Cell) => DARKEST * share, stroke: FAINT }),
      Plot.text(placed, { x: 'column', y: 'row', text: ({ rows }: Cell) => String(rows), dy: height > 40 ? -7 : 0, fontWeight: 600, fontSize: 13 }),
      ...(height > 40 ? [Plot.text(placed.filter(({ rows }) => rows > 0), { x: 'column', y: 'row', text: percent, dy: 9, fontSize: 11 })] : []),
    ],
  });
}

const percent = ({ share }: Cell): string => `${(100 * share).toFixed(share < 0.995 && share > 0 ? 1 : 0)} %`;

function mistakes(cells: readonly Cell[]): Html {
  const wrong = cells.filter(({ truth, predicted, rows }) => truth !== predicted && rows > 0).sort((a, b) => b.rows - a.rows);
  return html`${table(['true class', 'predicted', 'rows', 'of the class'], wrong.slice(0, MAX_MISTAKES).map((cell) =>
    [shortName(cell.truth), shortName(cell.predicted), cell.rows, percent(cell)]))}<p class="quiet">The commonest mistakes; there are too many classes for a matrix.</p>\n`;
}
