/** The list of what bnnc consists of. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Component { name: string; version: string; purl: string; hashes: { content: string }[]; licenses: unknown[] }
interface Bom { bomFormat: string; metadata: { component: { name: string; version: string } }; components: Component[] }

type Versions = Record<string, string>;
const own = JSON.parse(readFileSync('package.json', 'utf8')) as {
  name: string; version: string; dependencies: Versions; optionalDependencies: Versions; devDependencies: Versions;
};

const listed = (): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/sbom.mjs'], { encoding: 'utf8', maxBuffer: 1e8 });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
};

it('names every package that is installed with bnnc, with its hash and licence, and no others', () => {
  const text = listed();
  const { bomFormat, metadata: { component }, components } = JSON.parse(text) as Bom;
  expect([bomFormat, component.name, component.version]).toEqual(['CycloneDX', own.name, own.version]);
  const refs = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const direct = { ...own.dependencies, ...own.optionalDependencies };
  expect(Object.entries(direct).map(([name, version]) => `${name}@${version}`).filter((ref) => !refs.has(ref))).toEqual([]);
  for (const name of ['vitest', 'eslint', 'typescript']) expect(components.some((each) => each.name === name)).toBe(false);
  for (const { purl, hashes, licenses } of components) {
    expect(purl).toMatch(/^pkg:npm\//);
    expect([purl, hashes.length > 0 && hashes.every(({ content }) => /^[0-9a-f]{40,}$/.test(content))]).toEqual([purl, true]);
    expect([purl, licenses.length > 0]).toEqual([purl, true]);
  }
  expect(listed()).toBe(text);
});
