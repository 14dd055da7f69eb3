import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const method = readFileSync(join(ROOT, 'docs/method.md'), 'utf8');

/** Numbers of the equations of docs/method.md: at the end of a line of code. */
const numbered = [...method.matchAll(/^ {4}.*\S {2,}\((\d+)\)$/gm)].map(([, number]) => Number(number));

/** Numbers that comments name: `// (7)`, `equation (7)`, `equations (7) and (8)`, `the divergence (7)` after one of these. */
function cited(code: string): number[] {
  const comments = [...code.matchAll(/\/\*[^]*?\*\/|\/\/.*$/gm)].map(([text]) => text);
  const naming = comments.filter((text) => /^\/\/ \(\d+\)|[Ee]quations? \(\d+\)/.test(text));
  return naming.flatMap((text) => [...text.matchAll(/\((\d+)\)/g)].map(([, number]) => Number(number)));
}

const SRC = join(ROOT, 'src');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const citations = files.flatMap((file) => cited(readFileSync(join(SRC, file), 'utf8')).map((number) => ({ file, number })));

describe('equations of docs/method.md', () => {
  it('are numbered from 1 on', () => {
    expect(numbered.length).toBeGreaterThan(20);
    expect(numbered).toEqual(numbered.map((_, at) => at + 1));
  });

  it('are named by the text only where they are there', () => {
    const gradients = method.slice(method.indexOf('\n## Gradients'), method.indexOf('\n## Schedule'));
    const named = [...gradients.matchAll(/\((\d+)\)/g)].map(([, number]) => Number(number));
    expect(named.filter((number) => !numbered.includes(number))).toEqual([]);
  });

  it('are there when a comment names them', () => {
    expect(citations.filter(({ number }) => !numbered.includes(number))).toEqual([]);
  });

  it('are all named by the code that computes them', () => {
    const all = new Set(citations.map(({ number }) => number));
    expect(numbered.filter((number) => !all.has(number))).toEqual([]);
  });
});
