/** The one script of a report that has one: the exported model, and what wires it to the form. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fail } from '../../errors.js';
import { writeJsModule } from '../../export/index.js';
import { hasIntervals } from '../../export/js/intervals.js';
import { classesOf, eachOf, likelihoodOf, numberLikelihoodOf } from '../../likelihood/index.js';
import { option, words } from '../../voice.js';
import type { CompressedModel } from '../../types.js';
import { programVersion } from '../../version.js';
import { MAX_TARGETS } from '../held-out.js';
import { MAX_FIELDS, type Field } from './fields.js';

/** As `predict` draws by default. */
const DRAWS = 64;
/** Weights of all drawn networks: more make a page slow. */
const MAX_DRAWN = 4e6;
const MIN_DRAWS = 8;
/** Larger pages are slow to open. */
const MAX_BYTES = 8e6;

/** How many networks are drawn for intervals; 0 where there are none. */
export function drawsFor({ task, layers }: CompressedModel): number {
  if (!hasIntervals(likelihoodOf(task))) return 0;
  const weights = layers.reduce((sum, { weight, bias }) => sum + weight.length + bias.length, 0);
  return Math.max(MIN_DRAWS, Math.min(DRAWS, Math.floor(MAX_DRAWN / weights)));
}

/**
 * The text of a module script without imports.
 * @throws run.page-too-large, run.model-not-finite
 */
export function scriptOf(model: CompressedModel, fields: readonly Field[], draws: number): string {
  const { encoder: { target, style } } = model;
  const module = new TextDecoder().decode(writeJsModule(model, programVersion(), { draws: draws > 0 ? draws : undefined }));
  if (module.length > MAX_BYTES) {
    const size = `${(module.length / 1e6).toFixed(1)} MB`;
    throw fail('run.page-too-large', words`${option('interactive')}: the model would take ${size} of the page, more than ${MAX_BYTES / 1e6} MB`, {
      hint: 'Leave the option out, and predict with bnnc predict.',
    });
  }
  const number = numberLikelihoodOf(target);
  const each = eachOf(target);
  const page = {
    several: each.length > 1, numbers: each.map((own) => ({ name: own.name, what: likelihoodOf(own.task).words.effect(own) })),
    drawn: MAX_TARGETS,
    shown: Math.min(fields.length, MAX_FIELDS), fields, target: target.name, classes: classesOf(target) ?? null,
    timed: number?.timed ?? false, decimal: style?.decimal ?? '.',
  };
  const given = ['predict', ...(draws === 0 ? [] : ['interval', ...(number ? ['distribution'] : [])])].join(', ');
  return `${module}
// What follows belongs to the page.
{
${controller()}
start({ ${given} }, ${JSON.stringify(page).replace(/</g, '\\u003c')});
}
`;
}

/** A block of the module: nothing is exported from there. */
const controller = (): string =>
  ['plot.js', 'controller.js'].map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')
    .replace(/^import .*\n/gm, '').replace(/^export /gm, '')).join('\n');

/** What a content security policy lets run: this script alone. */
export const scriptSource = (script: string): string => `'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`;
