/** How well the target of rows that were held out is predicted. */
import { classesOf, likelihoodOf } from '../../likelihood/index.js';
import { rowWords } from '../held-out.js';
import type { ReportData } from '../gather.js';
import { html, section, type Html } from '../html.js';
import { confusion } from './confusion.js';
import { observed } from './observed.js';
import { rankings } from './rankings.js';
import { residuals } from './residuals.js';
import { survivalCurves } from './survival.js';

type Part = Pick<ReportData, 'heldOut' | 'encoder' | 'metrics'>;

export function predictions({ heldOut, encoder: { target }, metrics }: Part): Html {
  const title = 'Predictions of held-out rows';
  if ('reason' in heldOut) return section('predictions', title, html`<p>They cannot be shown: ${heldOut.reason}.</p>\n`);
  const rows = html`<p class="quiet">The pruned network on ${rowWords(heldOut)}.</p>\n`;
  if (likelihoodOf(target.task).takes?.includes('events')) return section('predictions', title, rows, survivalCurves(heldOut, target));
  if (!classesOf(target)) {
    return section('predictions', title, rows, html`<div class="pair">${observed(heldOut, target, metrics)}${residuals(heldOut, target)}</div>\n`);
  }
  return section('predictions', title, rows, rankings(heldOut, target, metrics.median.decisionThreshold), confusion(heldOut, target, metrics));
}
