/** How well the target of rows that were held out is predicted. */
import { classesOf, likelihoodOf } from '../../likelihood/index.js';
import type { ModelMetrics } from '../../work/run-metrics.js';
import type { SplitName } from '../../work/prepare.js';
import { plural } from '../../wording.js';
import { eachHeldOut, MAX_TARGETS, rowWords } from '../held-out.js';
import type { ReportData } from '../gather.js';
import { html, section, type Html } from '../html.js';
import { shortName } from '../plot.js';
import { confusion } from './confusion.js';
import { observed } from './observed.js';
import { rankings } from './rankings.js';
import { residuals } from './residuals.js';
import { survivalCurves } from './survival.js';

type Part = Pick<ReportData, 'heldOut' | 'encoder' | 'metrics'>;

/** What simpler models do on one of several targets. */
function ofTarget({ baseline, linear }: Part['metrics'], split: SplitName, place: number): Parameters<typeof observed>[2] {
  const own = <M extends Pick<ModelMetrics, 'splits' | 'targets'>>(model: M | undefined): M | undefined => {
    const metrics = model?.targets?.[split]?.[place]?.metrics;
    return model && metrics && { ...model, splits: { [split]: metrics } };
  };
  const [simplest, lines] = [own(baseline), own(linear)];
  return { ...(simplest && { baseline: simplest }), ...(lines && { linear: lines }) };
}

export function predictions({ heldOut, encoder: { target }, metrics }: Part): Html {
  const title = 'Predictions of held-out rows';
  if ('reason' in heldOut) return section('predictions', title, html`<p>They cannot be shown: ${heldOut.reason}.</p>\n`);
  const rows = html`<p class="quiet">The pruned network on ${rowWords(heldOut)}.</p>\n`;
  if (likelihoodOf(target.task).takes?.includes('events')) return section('predictions', title, rows, survivalCurves(heldOut, target));
  if (!classesOf(target)) {
    const each = eachHeldOut(heldOut, target);
    const more = each.length - MAX_TARGETS;
    return section('predictions', title, rows, html`${each.slice(0, MAX_TARGETS).map(({ target: own, heldOut: one }, place) =>
      html`${each.length > 1 && html`<h3>${shortName(own.name, 32)}</h3>\n`}<div class="pair">${
        observed(one, own, each.length > 1 ? ofTarget(metrics, heldOut.split, place) : metrics)}${residuals(one, own)}</div>\n`)}${
      more > 0 && html`<p class="quiet">${plural(more, 'further target')} not shown.</p>\n`}`);
  }
  return section('predictions', title, rows, rankings(heldOut, target, metrics.median.decisionThreshold), confusion(heldOut, target, metrics));
}
