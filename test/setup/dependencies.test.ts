import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = new URL('../../scripts/setup/dependencies.mjs', import.meta.url).href;
const { isInstalled } = (await import(SCRIPT)) as { isInstalled(root: string): boolean };

type Packages = Record<string, { version: string; optional?: boolean }>;

const TFJS = 'node_modules/@tensorflow/tfjs-node';
const LOCKED: Packages = {
  'node_modules/yaml': { version: '2.9.1' },
  'node_modules/binding-for-another-system': { version: '1.0.0', optional: true },
  [TFJS]: { version: '4.22.0', optional: true },
};

let root: string;
beforeEach(() => void (root = mkdtempSync(path.join(tmpdir(), 'bnnc-setup-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, content: object): void {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}

function checkout(present: Packages | undefined, dependencies = { yaml: '2.9.1' }): void {
  write('package.json', { dependencies });
  write('package-lock.json', { packages: { '': { dependencies: { yaml: '2.9.1' } }, ...LOCKED } });
  if (present) write('node_modules/.package-lock.json', { packages: present });
}

describe('dependencies count as installed', () => {
  it('when all are there, but for optional ones of other systems', () => {
    const { 'node_modules/binding-for-another-system': _other, ...present } = LOCKED;
    checkout(present);
    expect(isInstalled(root)).toBe(true);
  });
});

describe('dependencies are to be installed', () => {
  it('when nothing was installed', () => {
    checkout(undefined);
    expect(isInstalled(root)).toBe(false);
  });

  it('when npm has removed tfjs-node because its download failed', () => {
    const { [TFJS]: _tfjs, ...present } = LOCKED;
    checkout(present);
    expect(isInstalled(root)).toBe(false);
  });

  it('when a version differs', () => {
    checkout({ ...LOCKED, 'node_modules/yaml': { version: '2.9.0' } });
    expect(isInstalled(root)).toBe(false);
  });

  it('when package.json asks for something that the lock does not know', () => {
    checkout(LOCKED, { yaml: '2.9.1', zod: '4.6.7' } as { yaml: string });
    expect(isInstalled(root)).toBe(false);
  });
});
