/** The parts of a page in which the exported model predicts. */
import type { CompressedModel } from '../../types.js';
import { html, markup, type Html } from '../html.js';
import { fieldsOf } from './fields.js';
import { drawsFor, scriptOf, scriptSource } from './script.js';
import { formSection } from './section.js';
import type { Starts } from './typical.js';

export interface Interactive {
  section: Html;
  script: Html;
  /** What lets the script run, of a content security policy. */
  source: string;
}

/** @throws run.page-too-large, run.model-not-finite */
export function interactive(model: CompressedModel, { inputs, fromRows }: Starts): Interactive {
  const fields = fieldsOf(model, inputs);
  const draws = drawsFor(model);
  const script = scriptOf(model, fields, draws);
  return {
    section: formSection({ model, fields, draws, fromRows }),
    script: html`<script type="module">${markup(script)}</script>\n`, source: scriptSource(script),
  };
}
