/** What bench:fuzz changes, and that it sees a fault. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { BnncError as Expected } from '../../../src/errors.js';
import { Stream } from '../../../src/random.js';

type Mutated = { how: string };
interface Setting { folder: string }
interface Outcome { how: string; refused?: string; fault?: string }

/** Plain JavaScript, whose types are said here. */
const load = async <T>(name: string): Promise<T> => (await import(new URL(`../../../bench/fuzz/${name}.mjs`, import.meta.url).href)) as T;
/** As the bench has it: another class than that of the sources. */
const { BnncError } = (await import(new URL('../../../dist/parts.js', import.meta.url).href)) as { BnncError: typeof Expected };
const { mutateBytes } = await load<{ mutateBytes(bytes: Buffer, stream: Stream): Mutated & { bytes: Buffer } }>('mutate');
const { mutateDocument } = await load<{ mutateDocument(document: unknown, stream: Stream): Mutated & { text: string } }>('document');
const { outcome } = await load<{
  outcome(kind: { place(): Mutated; run(setting: Setting): unknown }, setting: Setting): Promise<Outcome>;
}>('case');
const { checkFinite, KINDS } = await load<{ checkFinite(value: unknown, where: string): void; KINDS: Record<string, { share: number }> }>('kinds');

const streams = (count: number): Stream[] => Array.from({ length: count }, (_, n) => Stream.fromSeed(`fuzz test ${n}`));

describe('changes', () => {
  const bytes = Buffer.from('a,b,c\n1,2,3\n4,5,6\n');
  const document = { a: [1, 2, { b: null }], c: 'x', d: 0.5 };

  it('are the same for the same seed', () => {
    const all = (): string[] => streams(60).map((stream) => `${mutateBytes(bytes, stream).bytes.toString('hex')} ${mutateDocument(document, stream).text}`);
    expect(all()).toEqual(all());
  });

  it('leave the original as it is, and mostly give something else', () => {
    const [before, text] = [bytes.toString('hex'), JSON.stringify(document)];
    const others = streams(100).filter((stream) => !mutateBytes(bytes, stream).bytes.equals(bytes));
    const texts = streams(100).filter((stream) => mutateDocument(document, stream).text !== text);
    expect([bytes.toString('hex'), JSON.stringify(document)]).toEqual([before, text]);
    expect(Math.min(others.length, texts.length)).toBeGreaterThan(60);
  });

  it('leave a document a document', () => {
    for (const stream of streams(100)) expect(() => { JSON.parse(mutateDocument(document, stream).text); }).not.toThrow();
  });

  it('have shares of all the cases', () => {
    expect(Object.values(KINDS).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });
});

describe('a case', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-fuzz-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const of = (run: (setting: Setting) => unknown): Promise<Outcome> =>
    outcome({ place: () => ({ how: 'planted' }), run: async (setting) => run(setting) }, { folder });

  it('is no fault where it is refused, or done', async () => {
    expect(await of(() => { throw new BnncError({ code: 'data.not-csv', message: 'x' }); })).toEqual({ how: 'planted', refused: 'data.not-csv' });
    expect(await of(({ folder: place }) => writeFileSync(path.join(place, 'out', 'x'), ''))).toEqual({ how: 'planted' });
  });

  it('is a fault where it throws anything else, or writes beside its output', async () => {
    expect((await of(() => { throw new TypeError('planted'); })).fault).toMatch('planted');
    expect((await of(({ folder: place }) => mkdirSync(path.join(place, 'in', 'x')))).fault).toMatch('beside its output');
    const refused = Object.assign(new Error('no'), { code: 'ERR_ACCESS_DENIED', resource: '/etc/x' });
    expect((await of(() => { throw refused; })).fault).toBe('outside: /etc/x');
  });

  it('is a fault where a prediction is not finite', () => {
    expect(() => checkFinite([{ value: 1, interval: [0, Infinity] }], 'p')).toThrow('p.0.interval.1 has Infinity');
    expect(() => checkFinite([{ value: 1, level: 'NaN' }], 'p')).not.toThrow();
  });
});
