import { describe, expect, it } from 'vitest';
import {
  EXPORT_FORMATS, exportModel, onnxBytes, readJsonModel, writeJsonModel, writeOnnx, type ExportFormat,
} from '../../../src/export/index.js';
import { EXPORT_FILES } from '../../../src/export/formats.js';
import { inclusion } from '../../../src/inference/inclusion/inclusion.js';
import { prune } from '../../../src/inference/prune/prune.js';
import { Stream } from '../../../src/random.js';
import { randomCompressed } from '../../helpers/random-compressed.js';
import { encoderFor, randomPosterior } from '../../helpers/random-posterior.js';

describe('exportModel', () => {
  const model = randomCompressed({ seed: 1, task: 'binary' });

  it('gives the asked files and always the encoder', () => {
    const names = (formats: ExportFormat[]) => exportModel(model, formats, '0.1.0').map(({ file }) => file);
    expect(names(['json', 'onnx'])).toEqual(['model.onnx', 'model.json', 'encoder.json']);
    expect(names(['json'])).toEqual(['model.json', 'encoder.json']);
    expect(names([])).toEqual(['encoder.json']);
  });

  it('gives the same bytes for the same model, in every format', () => {
    const files = exportModel(model, EXPORT_FORMATS, '0.1.0');
    expect(files.map(({ file }) => file)).toEqual([...Object.values(EXPORT_FILES).flat(), 'encoder.json']);
    expect(exportModel(structuredClone(model), EXPORT_FORMATS, '0.1.0')).toEqual(files);
    for (const { bytes } of files) expect(bytes.length).toBeGreaterThan(0);
  });

  it('gives what the writers give', () => {
    const [onnx, json, encoder] = exportModel(model, ['onnx', 'json'], '0.1.0');
    expect(onnx.bytes).toEqual(writeOnnx(model, '0.1.0'));
    expect(json.bytes).toEqual(writeJsonModel(model, '0.1.0'));
    expect(JSON.parse(new TextDecoder().decode(encoder.bytes))).toEqual(model.encoder);
    expect(readJsonModel(json.bytes, 'model.json')).toEqual(model);
  });
});

describe('onnxBytes', () => {
  it('measures the whole network and the pruned one', () => {
    const features = Array<number>(40).fill(1);
    const posterior = randomPosterior({
      seed: 2, task: 'regression', activation: 'relu', gates: 'both', features, hidden: [30, 20],
    });
    const encoder = encoderFor('regression', features);
    const pips = inclusion(posterior, { samples: 20, stream: Stream.fromSeed(1) });
    const { model } = prune(posterior, pips, encoder, { threshold: 0.7, level: 'all' });
    const { before, after } = onnxBytes(posterior, encoder, model, '0.1.0');
    expect(before).toBeGreaterThan(4 * (40 * 30 + 30 * 20 + 20));
    expect(after).toBe(writeOnnx(model, '0.1.0').length);
    expect(after).toBeLessThan(before);
  });
});
