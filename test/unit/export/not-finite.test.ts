/** The search for numbers that are not finite finds one that was planted, in each kind of file. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../../src/export/index.js';
import { notFinite } from '../../helpers/not-finite.js';

const FIXTURE = 'test/fixtures/format-1';
/** Code is no number, and style neither. */
const PAGE = '<style>a { b: NaN }</style><table><td>0.5</td></table><svg><path d="M0,0.5L1,2"/></svg><script>const lost = NaN;</script>';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bnnc-finite-'));
  for (const part of ['run', 'model']) cpSync(path.join(FIXTURE, part), path.join(folder, part), { recursive: true });
  writeFileSync(path.join(folder, 'run/report.html'), PAGE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NAN = Buffer.from(Float32Array.of(NaN).buffer);

/** The bytes with four of them replaced. */
function withNaN(bytes: Buffer, at: number): Buffer {
  NAN.copy(bytes, at);
  return bytes;
}

const text = (from: RegExp, to: string) => (bytes: Buffer): string => {
  const before = bytes.toString();
  expect(before).toMatch(from);
  return before.replace(from, to);
};

/** Weights of the model, as model.onnx holds them. */
function weightAt(bytes: Buffer): number {
  const { tensors } = readSafetensors(readFileSync(path.join(FIXTURE, 'model/model.safetensors')), 'model.safetensors');
  const bias = Buffer.from(Float32Array.from(tensors['layers.0.bias'].data).buffer);
  const at = bytes.indexOf(bias);
  expect(at).toBeGreaterThan(0);
  return at;
}

describe('the search for numbers that are not finite', () => {
  it('finds none in a run and its model', () => expect(notFinite(folder)).toEqual([]));

  it.each<[string, (bytes: Buffer) => string | Uint8Array]>([
    ['run/metrics.json', text(/:(\s*)\d+\.\d+/, ':$1null')],
    ['run/config.yaml', text(/epochs: \d+/, 'epochs: .nan')],
    ['run/history.csv', text(/,\d[\d.]*\n/, ',NaN\n')],
    ['run/inclusion/inputs.csv', text(/,\d[\d.]*/, ',-Infinity')],
    ['run/inclusion/inputs.csv', text(/,\d[\d.]*/, ',')],
    ['run/splits.csv', text(/\n\d+,/, '\n,')],
    ['run/report.html', text(/>0\.5</, '>NaN<')],
    ['run/report.html', text(/0\.5L/, 'NaNL')],
    ['run/posterior.safetensors', (bytes) => {
      const { tensors, metadata } = readSafetensors(bytes, 'posterior.safetensors');
      Object.values(tensors).find(({ data }) => !(data instanceof Int32Array))!.data[0] = Infinity;
      return writeSafetensors(tensors, metadata);
    }],
    ['model/model.json', text(/"mean":\s*[\d.]+/, '"mean":null')],
    ['model/model.mjs', text(/"mean":[\d.]+/, '"mean":NaN')],
    ['model/model.onnx', (bytes) => withNaN(bytes, weightAt(bytes))],
    ['model/savedmodel/saved_model.pb', (bytes) => withNaN(bytes, weightAt(bytes))],
    ['model/tfjs/weights.bin', (bytes) => withNaN(bytes, 0)],
    ['model/model-card.md', (bytes) => `${bytes.toString()}\nThe loss is NaN.\n`],
  ])('finds one in %s', (file, planted) => {
    const whole = path.join(folder, file);
    writeFileSync(whole, planted(readFileSync(whole)));
    const found = notFinite(folder);
    expect(found).toHaveLength(1);
    expect(found[0].startsWith(`${file}: `)).toBe(true);
  });

  it('refuses a kind of file that it cannot search', () => {
    writeFileSync(path.join(folder, 'run/plot.xyz'), '');
    expect(() => notFinite(folder)).toThrow(/plot\.xyz: nobody knows how to search/);
  });
});
