/** Pruning of a run. */

import { EXPORT_FORMATS, ONNX_INPUTS, type ExportFormat, type OnnxInput } from '../export/formats.js';
import type { PruneLevel } from '../inference/prune/masks.js';
import type { CurveDocument } from '../prune/curve.js';
import { pruneRun, type PruneOutcome } from '../prune/prune-run.js';
import { worsening } from '../prune/worsening.js';
import {
  callback, checkOptions, COMMON, count, either, ENGINE, flag, number, oneOf, someOf, text, type Kinds,
} from './options.js';
import { engineOf, folderOf, runOf, type CommonOptions, type EngineOptions, type RunSource } from './environment.js';

export interface PruneOptions extends CommonOptions, EngineOptions {
  /**
   * What has at least this posterior inclusion probability is kept; `auto`: the strictest threshold whose loss on the validation
   * rows is within one standard error of the least. Default: 0.5.
   */
  threshold?: number | 'auto';
  /** What to prune: weights, nodes, inputs or all of them. Default: `all`. */
  level?: PruneLevel;
  /** Default: `onnx` and `json`. */
  formats?: readonly ExportFormat[];
  /** What model.onnx takes: encoded columns, or cells as the CSV file has them. Default: `encoded`. */
  onnxInput?: OnnxInput;
  /** Folder to write; without it nothing is written, and the files are in the result alone. */
  out?: string;
  /** Replace a model that is there. */
  force?: boolean;
  /** Train the kept weights on after the cut, so many steps (`true`: 2000). Needs the run's data file and an engine. */
  fineTune?: boolean | number;
  /** Round each kept weight by at most half of its posterior standard deviation, to few distinct values. */
  quantize?: boolean;
  onNote?: (text: string) => void;
  /** Told that fine-tuning made the model worse. */
  onWarning?: (text: string) => void;
}

const LEVELS: readonly PruneLevel[] = ['weight', 'node', 'input', 'all'];

const KINDS: Kinds<PruneOptions> = {
  ...COMMON, ...ENGINE, threshold: either('auto', number), level: oneOf(LEVELS), formats: someOf(EXPORT_FORMATS),
  onnxInput: oneOf(ONNX_INPUTS), out: text, force: flag, fineTune: either(false, either(true, count)), quantize: flag,
  onNote: callback, onWarning: callback,
};

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
  checkOptions('prune', options, KINDS);
  const folder = await runOf(run, options);
  const { threshold = 0.5, level = 'all', formats = ['onnx', 'json'], fineTune, quantize, onnxInput, out, force, signal, onNote } = options;
  const outcome = await pruneRun(folder, {
    threshold, level, formats, onnxInput, out, force, signal, onNote, quantize,
    fineTune: fineTune === false ? undefined : fineTune, cwd: folderOf(options), engine: engineOf(options),
  });
  const worse = worsening(outcome.report);
  if (worse !== undefined) options.onWarning?.(worse);
  return outcome;
}

export interface PruneCurveOptions extends CommonOptions {
  /** Default: `all`. */
  level?: PruneLevel;
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
  checkOptions('pruneCurve', options, { ...COMMON, level: oneOf(LEVELS) });
  const folder = await runOf(run, options);
  const { pruneCurve: curve } = await import('../prune/curve.js');
  return curve(folder, { level: options.level ?? 'all', signal: options.signal });
}
