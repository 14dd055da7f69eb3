/** Outputs of a network with given weights on any rows. */
import { EDGE, OUT, SKIP, type Layout } from './layout.js';

/**
 * @param columns d encoded columns of n numbers
 * @returns n x K
 */
export function outputsAt(
  { size, kind, column, output, units, outputs: K }: Pick<Layout, 'size' | 'kind' | 'column' | 'output' | 'units' | 'outputs'>,
  w: Float64Array, columns: readonly Float64Array[], rows: number,
): Float64Array {
  const f = new Float64Array(rows * K);
  for (let at = 0; at < f.length; at++) f[at] = w[at % K];
  const add = (x: Float64Array, p: number): void => {
    for (let n = 0, at = output[p]; n < rows; n++, at += K) f[at] += w[p] * x[n];
  };
  let p = K;
  for (; p < size && kind[p] === SKIP; p++) add(columns[column[p]], p);
  const phi = new Float64Array(rows);
  for (let h = 0; h < units; h++) {
    phi.fill(w[p++]);
    for (; p < size && kind[p] === EDGE; p++) for (let n = 0; n < rows; n++) phi[n] += w[p] * columns[column[p]][n];
    for (let n = 0; n < rows; n++) phi[n] *= 1 / (1 + Math.exp(-phi[n])) - 0.5;
    for (; p < size && kind[p] === OUT; p++) add(phi, p);
  }
  return f;
}
