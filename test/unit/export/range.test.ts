import { describe, expect, it } from 'vitest';
import type { BnncError } from '../../../src/errors.js';
import { EXPORT_FORMATS, exportModel, writeOnnx, type ExportFormat, type ExportOptions } from '../../../src/export/index.js';
import type { Target } from '../../../src/types.js';
import { runOnnx } from '../../helpers/onnxruntime.js';
import { randomCompressed } from '../../helpers/random-compressed.js';

const sized = (mean: number, scale: number) => {
  const target: Target = { name: 'y', task: 'regression', mean, scale };
  return randomCompressed({ seed: 4, task: 'regression', features: [1, 1], target });
};

/** The message of the refusal, or '' when the model was written. */
function refusal(model: ReturnType<typeof sized>, formats: readonly ExportFormat[], options?: ExportOptions): string {
  try {
    exportModel(model, formats, '0.1.0', options);
    return '';
  } catch (error) {
    const [{ code, message, hint }] = (error as BnncError).problems;
    expect(code).toBe('run.float32-range');
    return `${message}. ${hint}`;
  }
}

describe('numbers beyond float32', () => {
  it('refuses targets whose scale overflows in the last layer, and only formats that have it there', async () => {
    const model = sized(0, 1e39);
    const { data } = await runOnnx(writeOnnx(model, '0.1.0'), { rows: 1, cols: 2, data: Float32Array.of(900, -900) });
    expect(Number.isFinite(data[0])).toBe(false);
    for (const format of ['onnx', 'tfjs', 'savedmodel'] as const) {
      expect(refusal(model, ['json', format])).toMatch(new RegExp(`^the target 'y' is too large for float32, in which ${format} .* larger unit`));
    }
    expect(refusal(model, ['json', 'js', 'safetensors'])).toBe('');
    expect(refusal(sized(1e39, 1), ['onnx'])).toContain('too large');
    expect(refusal(sized(0, 1e-40), ['onnx'])).toContain('too small');
  });

  it('refuses a weight that is finite before it is scaled and not after', () => {
    const model = sized(0, 1e30);
    model.layers.at(-1)!.weight.fill(1e10);
    expect(refusal(model, ['tfjs'])).toContain('too large');
  });

  it('writes what fits, in all formats', () => {
    for (const [mean, scale] of [[0, 1], [1e30, 1e30], [-1e30, 1e-30], [5, 1e-30]]) expect(refusal(sized(mean, scale), EXPORT_FORMATS)).toBe('');
    expect(refusal(randomCompressed({ seed: 1, task: 'binary' }), EXPORT_FORMATS)).toBe('');
  });

  it('refuses raw inputs that float32 cannot hold', () => {
    for (const [scale, word] of [[1e50, 'large'], [1e-50, 'small']] as const) {
      const model = sized(0, 1);
      Object.assign(model.encoder.features[1].columns[0], { mean: 0, scale });
      const { name } = model.encoder.features[1];
      expect(refusal(model, ['onnx'], { onnxInput: 'raw' })).toMatch(new RegExp(`^the input '${name}' is too ${word} .*onnxInput: 'raw'`));
      expect(refusal(model, ['onnx'])).toBe('');
      expect(refusal(model, ['json'], { onnxInput: 'raw' })).toBe('');
    }
  });
});
