/** Frames and axes that plots of predictions share. */
import { MUTED, type Plot } from '../plot.js';

export const SQUARE = { width: 420, height: 380, marginLeft: 56, marginRight: 20, marginBottom: 44, marginTop: 26 };
export const DIAGONAL = { stroke: MUTED, strokeDasharray: '4,4' };
export const axis = (label: string): Plot.ScaleOptions => ({ label, labelAnchor: 'center', labelArrow: 'none' });
/** From 0 to 1, in percent. */
export const SHARE = { domain: [0, 1], tickFormat: '.0%', ticks: 5 } as const;

/** The points of a line, without those that nobody could tell from the one before. */
export function thinned<P extends { x: number; y: number }>(points: readonly P[], least = 1 / 500): P[] {
  const kept: P[] = [];
  points.forEach((point, at) => {
    const last = kept[kept.length - 1];
    const isEnd = at === 0 || at === points.length - 1;
    if (isEnd || Math.max(Math.abs(point.x - last.x), Math.abs(point.y - last.y)) >= least) kept.push(point);
  });
  return kept;
}
