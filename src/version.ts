/** The version of this program, from its package.json. */

import { readFileSync } from 'node:fs';

/** Version of bnnc, such as `0.1.0`. The file lies two folders up from src/run as from dist/run. */
export function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
