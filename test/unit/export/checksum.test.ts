import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../src/errors.js';
import { sha256 } from '../../../src/export/checksum.js';
import { readJsonModel, writeJsonModel } from '../../../src/export/json/json.js';
import { modelOf } from '../../../src/export/model-document.js';
import { readSafetensorsModel, writeSafetensorsModel } from '../../../src/export/safetensors/model.js';
import { readSafetensors, writeSafetensors } from '../../../src/export/safetensors/safetensors.js';
import { readSums, writeSums } from '../../../src/export/sums.js';
import { randomCompressed } from '../../helpers/random-compressed.js';

const model = randomCompressed({ seed: 1, task: 'binary' });
const text = new TextDecoder().decode(writeJsonModel(model, '0.1.0'));
const document = JSON.parse(text) as Record<string, unknown> & { layers: { weight: number[] }[] };
const bytesOf = (content: string): Uint8Array => new TextEncoder().encode(content);

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof BnncError) return error.problems[0].code;
    throw error;
  }
  return undefined;
}

/** Whether another text is the same document. */
function same(other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(other)) === JSON.stringify(document);
  } catch {
    return false;
  }
}

describe('the checksum of model.json', () => {
  it('is that of the document without it, as JSON.stringify writes it', () => {
    const { sha256: named, ...rest } = document;
    expect(named).toBe(sha256(JSON.stringify(rest)));
  });

  it('finds every changed digit that changes a number', () => {
    const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
    fc.assert(fc.property(fc.constantFrom(...digits), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const changed = `${text.slice(0, at)}${(Number(text[at]) + by) % 10}${text.slice(at + 1)}`;
      const code = codeOf(() => readJsonModel(bytesOf(changed), 'model.json'));
      // Other checks may come first, such as that of the version; digits that no double tells apart change nothing.
      expect(code === undefined).toBe(same(changed));
    }), { numRuns: 300, seed: 3 });
  });

  it('does not mind spaces, and holds for the object, too', () => {
    expect(readJsonModel(bytesOf(JSON.stringify(document, null, 3)), 'm')).toEqual(model);
    expect(modelOf(structuredClone(document), '<model>')).toEqual(model);
    const other = structuredClone(document);
    other.layers[0].weight[0] += 1;
    expect(codeOf(() => modelOf(other, '<model>'))).toBe('run.model-changed');
  });

  it('may be left out, of a model that somebody has changed or an earlier version has written', () => {
    const { sha256: _named, ...rest } = structuredClone(document);
    rest.threshold = 0.25;
    expect(modelOf(rest, 'm').threshold).toBe(0.25);
  });
});

describe('the checksum of model.safetensors', () => {
  const bytes = writeSafetensorsModel(model, '0.1.0');

  it('finds every changed bit', () => {
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const changed = Uint8Array.from(bytes);
      changed[at] ^= 1 << bit;
      expect(codeOf(() => readSafetensorsModel(changed, 'm'))).toMatch(/^run\.(model|tensors|not)-/);
    }), { numRuns: 300, seed: 4 });
  });

  it('finds a changed weight by itself', () => {
    const changed = Uint8Array.from(bytes);
    changed[bytes.length - 4] ^= 1;
    expect(codeOf(() => readSafetensorsModel(changed, 'm'))).toBe('run.model-changed');
    expect(codeOf(() => readSafetensorsModel(bytes, 'm'))).toBeUndefined();
  });

  it('may be left out', () => {
    const { tensors, metadata: { sha256: _named, ...rest } } = readSafetensors(bytes, 'm');
    expect(readSafetensorsModel(writeSafetensors(tensors, rest), 'm')).toEqual(model);
  });
});

describe('SHA256SUMS', () => {
  it('has a line for each file', () => {
    const files = [{ file: 'model.onnx', bytes: bytesOf('a') }, { file: 'tfjs/model.json', bytes: bytesOf('b') }];
    expect(readSums(writeSums(files), 'x')).toEqual(new Map([['model.onnx', sha256('a')], ['tfjs/model.json', sha256('b')]]));
  });

  it.each(['../secret', '/etc/passwd', 'a/../../b', 'a\\b', 'a\0', '\0'])('names no file outside the folder: %s', (name) => {
    expect(codeOf(() => readSums(`${'0'.repeat(64)}  ${name}\n`, 'SHA256SUMS'))).toBe('run.model-changed');
  });
});
