import { describe, expect, it } from 'vitest';
import { parseManifest, type Manifest } from '../../../src/store/manifest.js';

const manifest: Manifest = {
  schemaVersion: 1, bnnc: '0.1.0', versions: { node: '20.0.0' }, engine: { name: 'tensorflow', threads: 2 }, argv: ['train'], seed: 1,
  data: { path: 'd.csv', sha256: 'ab', rows: 10 }, target: 'y', task: 'binary', started: 'a', finished: 'b', seconds: { fit: 1.5 },
  files: { 'encoder.json': { bytes: 3, sha256: 'cd' } },
};
const parse = (value: unknown): unknown => parseManifest(JSON.stringify(value), 'r/manifest.json');

describe('the manifest', () => {
  it('comes back as it was', () => {
    expect(parse(manifest)).toEqual(manifest);
  });

  it.each(Object.keys(manifest).filter((key) => key !== 'schemaVersion'))('is damaged without its %s', (key) => {
    expect(() => parse({ ...manifest, [key]: undefined })).toThrow(`r/manifest.json: the manifest is not as bnnc wrote it, at '${key}'`);
  });

  it.each(['/etc/passwd', '../data.csv', 'inclusion/../../a', 'a//b', './a', 'C:/a', 'a\\b', ''])('names no file outside the run: %j', (name) => {
    const files = { ...manifest.files, [name]: { bytes: 1, sha256: 'ab' } };
    expect(() => parse({ ...manifest, files })).toThrow("the manifest names a file outside the run's folder");
  });

  it('names a version that it does not read, or none', () => {
    expect(() => parse({ ...manifest, schemaVersion: 7 })).toThrow('written by bnnc 0.1.0 in format 7');
    expect(() => parse(null)).toThrow('written by another program in format unknown');
  });
});
