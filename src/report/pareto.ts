/** Loss against size of the settings of a sweep, as an SVG file that stands alone. */
import type { Standing } from '../work/sweep/standing.js';
import { ACCENT, draw, FAINT, INK, MUTED, PAPER, Plot } from './plot.js';
import { DRAWING_STYLE } from './style.js';

interface Point {
  trial: number;
  size: number;
  loss: number;
  efficient: boolean;
  whole: boolean;
  low: number;
  high: number;
}

const colourOf = ({ efficient }: Point): string => (efficient ? ACCENT : MUTED);

/**
 * A setting that was measured on fewer folds is a ring: its loss is the best's, and how far it is behind on the folds of both.
 * @param standing at least one setting
 * @returns an SVG document
 */
export function paretoPlot(standing: readonly Standing[]): string {
  const [best] = standing;
  const points = standing.map(({ trial, nonZero, prunedBehind: { mean, se }, efficient, folds }): Point => {
    const loss = best.prunedLoss.mean + mean;
    return { trial, size: Math.max(1, nonZero), loss, efficient, whole: folds === best.folds, low: loss - se, high: loss + se };
  });
  const front = points.filter(({ efficient }) => efficient).sort((a, b) => a.size - b.size);
  const svg = draw('Loss against size of the settings of a sweep', {
    width: 680, height: 440, marginLeft: 64, marginTop: 32, marginBottom: 48, inset: 14, grid: true,
    x: { type: 'log', label: 'non-zero parameters of the pruned model', tickFormat: '~s' },
    y: { label: 'negative log-likelihood of the pruned model, nats a row', tickFormat: '.3~g' },
    marks: [
      Plot.ruleX(points, { x: 'size', y1: 'low', y2: 'high', stroke: FAINT }),
      Plot.line(front, { x: 'size', y: 'loss', curve: 'step-after', stroke: ACCENT, strokeWidth: 1.5 }),
      Plot.dot(points, {
        x: 'size', y: 'loss', r: 4, stroke: colourOf, strokeWidth: 1.5, fill: (point: Point) => (point.whole ? colourOf(point) : PAPER),
      }),
      Plot.text(front, { x: 'size', y: 'loss', text: ({ trial }: { trial: number }) => String(trial), dy: -11, fill: INK }),
    ],
  });
  return String(svg).replace(/^<svg([^>]*)>/, (_, rest: string) => {
    const spaced = /xmlns=/.test(rest) ? rest : `${rest} xmlns="http://www.w3.org/2000/svg"`;
    return `<svg${spaced}><style>${DRAWING_STYLE}</style>`;
  }) + '\n';
}
