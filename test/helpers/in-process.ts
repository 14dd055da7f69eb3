/** The program in the test's own process, with strings for streams, and small tables for it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli/main.js';
import { Stream } from '../../src/random.js';
import { callProgram, type Outcome, type Setting } from './call-program.js';

export type { Outcome };

/** What few figures need: one short fit, no search. */
export const FEW = [
  'model.hidden=[4]', 'search.steps=0', 'train.epochs=200', 'train.restarts=1', 'inclusion.draws=8',
].flatMap((set) => ['--set', set]);

/** A folder of its own, and the program that is called in it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'bnnc-in-process-'));

  /** `bnnc ARGS` in this folder. */
  call(args: readonly string[], setting: Setting = {}): Promise<Outcome> {
    return callProgram(main, args, this.path, setting);
  }

  /** The same where it ends well. @returns what it printed. */
  async text(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.call(args);
    if (code !== 0) throw new Error(`bnnc ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.text(...args, '--json')) as T;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** y = 2 x1 - x2 + noise, a class that follows it, a label of three, and inputs that say nothing. */
export function tableOf(rows: number, seed = 'in process'): string {
  const draw = Stream.fromSeed(seed).normals(rows * 4);
  const lines = Array.from({ length: rows }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    const y = 2 * a - b + 0.5 * e;
    const label = y > 1 ? 'high' : y < -1 ? 'low' : 'mid';
    const cells = [...[a, b, c].map((value) => value.toFixed(4)), n % 3 === 0 ? 'red' : 'blue'];
    return [...cells, y.toFixed(4), y > 0 ? 'yes' : 'no', label].join(',');
  });
  return `x1,x2,x3,g,y,won,rank\n${lines.join('\n')}\n`;
}

/** The widest line. */
export const width = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
