/** Compares what exports make of the cells of a table with what the program makes of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allRows, encode, fitEncoder, recordTable, type EncoderOptions } from '../../src/data/index.js';
import { writeJsModule } from '../../src/export/js/js.js';
import { readJsonModel, writeJsonModel } from '../../src/export/json/json.js';
import { isWide } from '../../src/export/onnx/encode.js';
import { writeOnnx } from '../../src/export/onnx/onnx.js';
import type { CompressedModel, Encoder } from '../../src/types.js';
import { dataOptions, read } from '../unit/data/sources.js';
import { runOnnxColumns, type OnnxColumn } from './onnxruntime.js';
import { ownPredictions } from './own-predictions.js';
import { randomCompressed } from './random-compressed.js';

export type Cells = Record<string, string>;

/** A random model of the inputs of a table whose target is the number `y`. */
export async function modelOf(csv: string, options: Partial<Omit<EncoderOptions, 'split'>> = {}): Promise<CompressedModel> {
  const table = await read(csv, { decimal: options.decimal, thousands: options.thousands });
  const encoder = fitEncoder(table, allRows(table.rows), dataOptions('y', { task: 'regression', ...options }));
  return randomCompressed({ seed: 7, task: 'regression', hidden: [5], encoder });
}

/** What the program predicts for rows of cells. */
export function programPredictions(model: CompressedModel, rows: readonly Cells[]): number[] {
  const { features, missing, style } = model.encoder;
  const table = recordTable(rows, { columns: features.map(({ name }) => name), missing, style });
  return [...ownPredictions(model, encode(table, model.encoder, undefined, { target: 'none' }).x)];
}

/** The cells as docs/formats.md says that the graph takes them. */
function onnxColumns({ features, missing }: Encoder, rows: readonly Cells[]): Record<string, OnnxColumn> {
  const absent = new Set(['', ...missing]);
  return Object.fromEntries(features.map((feature): [string, OnnxColumn] => {
    const { name, kind, form } = feature;
    const texts = rows.map((row) => row[name].trim());
    if (kind !== 'numeric' || form === 'ordinal') return [name, texts];
    const numbers = texts.map((text) => (absent.has(text) ? NaN : Number(text)));
    return [name, isWide(feature) ? Float64Array.from(numbers) : numbers];
  }));
}

/**
 * What a model predicts for rows of cells: the program, the model read back from JSON, the JavaScript module, and raw ONNX.
 * @param columns what the graph takes
 * @param raw whether ONNX is one of them
 */
export async function everyReader(
  model: CompressedModel, rows: readonly Cells[], columns = onnxColumns(model.encoder, rows), raw = true,
): Promise<Record<'program' | 'json' | 'js' | 'onnx', number[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'bnnc-agreement-'));
  try {
    const file = join(folder, 'model.mjs');
    writeFileSync(file, writeJsModule(model, '0.0.0'));
    const module: unknown = await import(/* @vite-ignore */ pathToFileURL(file).href);
    const { predict } = module as { predict(row: Cells): { prediction: number } };
    const { data } = raw ? await runOnnxColumns(writeOnnx(model, '0.0.0', 'raw'), columns) : { data: [] };
    return {
      program: programPredictions(model, rows),
      json: programPredictions(readJsonModel(writeJsonModel(model, '0.0.0'), 'model.json'), rows),
      js: rows.map((row) => predict(row).prediction),
      onnx: [...data],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
