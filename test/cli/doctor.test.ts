import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { bnnc } from './program.js';

/** `name  finding` lines as a record. */
const findings = (text: string): Record<string, string> =>
  Object.fromEntries(text.split('\n').filter(Boolean).map((line) => line.split(/\s{2,}/) as [string, string]));

describe('bnnc doctor', () => {
  it('tells the native engine, why it runs, and the versions', async () => {
    const { code, stdout, stderr } = await bnnc(['doctor']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const found = findings(stdout);
    expect(found.engine).toMatch(/^tensorflow 2\.\d+\.\d+ \(native\)$/);
    expect(found.why).toBe('the native TensorFlow library is installed');
    expect(found.node).toContain(process.versions.node);
    expect(found.bnnc).toMatch(/^\d+\.\d+\.\d+$/);
    expect(found.binding).toBeUndefined();
    expect(stdout).not.toContain('For the native engine');
  });

  it('--verbose adds where the parts lie', async () => {
    const found = findings((await bnnc(['doctor', '--verbose'])).stdout);
    expect(found.binding).toMatch(/tfjs_binding\.node$/);
    expect(found.BNNC_ENGINE).toBe('not set');
    expect(found.library).not.toContain('missing');
    expect(found['step 20-64-64-1']).toMatch(/^\d+ operations$/);
    expect(found['step 784-400-400-10']).toMatch(/^\d+ operations, fused$/);
  });

  it('--json is one document with the same', async () => {
    const { stdout } = await bnnc(['doctor', '--json']);
    const document = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    expect(document).toMatchObject({ schemaVersion: 1, engine: { name: 'tensorflow' }, advice: null });
    expect(document.system.cores).toBe(availableParallelism());
  });

  it('tells the slow engine and the way to the fast one', async () => {
    const { code, stdout } = await bnnc(['doctor'], { env: { BNNC_ENGINE: 'wasm' } });
    expect(code).toBe(0);
    expect(findings(stdout)).toMatchObject({ engine: 'wasm (WebAssembly, several times slower)', why: 'WebAssembly was requested' });
    expect(stdout).toMatch(/\nFor the native engine: unset BNNC_ENGINE\.\n$/);
  });

  it('refuses an engine that is none', async () => {
    const { code, stdout, stderr } = await bnnc(['doctor'], { env: { BNNC_ENGINE: 'gpu' } });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("BNNC_ENGINE: unknown engine 'gpu'");
  });
});
