/** Pruning of a run. */

import type { CurveDocument } from '../prune/curve.js';
import { pruneRun, type PruneOutcome } from '../prune/prune-run.js';
import { worsening } from '../prune/document.js';
import { checked } from './options/check.js';
import { PRUNE, PRUNE_CURVE, type PruneCurveOptions, type PruneOptions } from './options/prune.js';
import { engineOf, folderOf } from './environment.js';
import { runOf, type RunSource } from './run.js';
import { telling } from '../voice.js';

export { allMetrics, headlineOf, type Metric, type Metrics } from '../likelihood/index.js';
export type { CurveDocument, CurvePoint, ThresholdChoice } from '../prune/curve.js';
export type { PruneDocument } from '../prune/document.js';
export { sizeOf } from '../prune/prune-run.js';

/**
 * Cuts what is improbable and whatever no path uses, and exports the smaller network: in memory, with `out` also as a folder,
 * which appears whole or not at all. The result can be given to `predict`.
 * @param run path of a run folder, or a run as `train` and `openRun` give it
 * @returns the compressed model, the files of its folder as bytes, and the report of what that cost and saved
 * @throws {BnncError} `usage.option`, `usage.threshold`, `usage.onnx-input`; `run.*` when the run cannot be read, when its rows
 *   are needed and gone, or when `out` cannot be written; `interrupted.stopped`
 * @example
 * ```ts
 * const small = await prune('runs/birds', { threshold: 'auto', formats: ['js'] });
 * console.log(small.report.inputs, small.report.after.parameters);
 * const module = small.files.find(({ file }) => file === 'model.mjs').bytes;
 * ```
 * @category Main functions
 */
export async function prune(run: RunSource, options: PruneOptions = {}): Promise<PruneOutcome> {
  const { threshold, level, formats, fineTune, quantize, background, ensemble, linear, representatives, onnxInput, out, force, signal, onNote, onWarning } = checked('prune', options, PRUNE);
  const folder = await runOf(run, options);
  const outcome = await pruneRun(folder, {
    threshold, level, formats, onnxInput, out, force, signal, onNote: telling(onNote), quantize, background,
    ensemble, linear, representatives,
    fineTune: fineTune === false ? undefined : fineTune, cwd: folderOf(options), engine: engineOf(options),
  });
  const worse = worsening(outcome.report);
  if (worse !== undefined) telling(onWarning)(worse);
  return outcome;
}

/**
 * What every threshold keeps and how that does on the validation and test rows, from the mildest cut to the strictest, and which
 * one `threshold: 'auto'` would take. Writes nothing.
 * @throws {BnncError} `usage.option`; `run.*`; `data.*` of the run's data file; `interrupted.stopped`
 * @example
 * ```ts
 * const { points, choice } = await pruneCurve('runs/birds');
 * for (const { threshold, inputs, validation } of points) console.log(threshold, inputs, validation?.nll);
 * ```
 * @category More of the command line
 */
export async function pruneCurve(run: RunSource, options: PruneCurveOptions = {}): Promise<CurveDocument> {
  const { level, signal } = checked('pruneCurve', options, PRUNE_CURVE);
  const folder = await runOf(run, options);
  const { pruneCurve: curve } = await import('../prune/curve.js');
  return curve(folder, { level, signal });
}
