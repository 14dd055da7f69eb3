/** Training rows that do not all fit into memory: fits read their minibatches from a file. */

import { closeSync, openSync, readSync } from 'node:fs';
import { totalWeight } from '../likelihood/index.js';
import type { AllRows, FitData } from './types.js';

/** N: how many rows a fit learns from. */
export const fitRows = ({ x, all }: FitData): number => all?.x.rows ?? x.rows;

/** How many of all training rows, by their weights, each of those in memory stands for. */
export const standsFor = ({ y, all }: FitData): number => (all ? totalWeight(all.y) / totalWeight(y) : 1);

/** Takes rows of a file by their numbers. */
export class RowReader {
  private readonly file: number;

  constructor(private readonly all: AllRows) {
    this.file = openSync(all.x.path, 'r');
  }

  /** B x d, B x C of the response, and B weights where rows have some. @param rows B */
  take(rows: Int32Array): { x: Float32Array; y: Float32Array; weights?: Float32Array } {
    const { x: { cols, at: places }, y: { data, cols: each, weights } } = this.all;
    const [x, y] = [new Float32Array(rows.length * cols), new Float32Array(rows.length * each)];
    const bytes = new Uint8Array(x.buffer);
    const size = cols * x.BYTES_PER_ELEMENT;
    rows.forEach((row, at) => {
      this.fill(bytes, at * size, size, (places?.[row] ?? row) * size);
      for (let c = 0; c < each; c++) y[at * each + c] = data[row * each + c];
    });
    return { x, y, ...(weights && { weights: Float32Array.from(rows, (row) => weights[row]) }) };
  }

  close(): void {
    closeSync(this.file);
  }

  private fill(bytes: Uint8Array, at: number, size: number, place: number): void {
    for (let done = 0; done < size;) {
      const read = readSync(this.file, bytes, at + done, size - done, place + done);
      if (read === 0) throw new RangeError('the file of encoded rows ends too early');
      done += read;
    }
  }
}
