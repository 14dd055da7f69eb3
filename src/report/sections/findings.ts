/** Warnings that teach: what may be wrong, and what to do. */
import type { Finding } from '../../diagnose/index.js';
import { html, section, type Html } from '../html.js';

export function findings(found: readonly Finding[]): Html {
  if (found.length === 0) {
    return section('warnings', 'Warnings', html`<p>There are none: training converged, the restarts agree, and there are enough rows.</p>\n`);
  }
  const items = found.map(({ severity, text, remedy }) =>
    html`<li class="${severity}"><span class="badge">${severity}</span>${sentence(text)} <em>${remedy}</em></li>\n`);
  const title = found.some(({ severity }) => severity === 'warning') ? 'Warnings' : 'Notes';
  return section('warnings', title, html`<ul class="findings">\n${items}</ul>\n`);
}

const sentence = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('...') ? '' : '.'}`;
