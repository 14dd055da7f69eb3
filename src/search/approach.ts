/** From the mode of one structure to near that of another: of the Hessian only what a move changes is computed. */
import { cholesky, solveFactored } from '../maths/cholesky.js';
import type { Evaluator } from './evaluator.js';
import type { Layout } from './layout.js';
import { hasOutput, type Network } from './network.js';
import type { Point } from './climb.js';

/** A structure at its mode. */
export interface Near {
  network: Network;
  fit: { layout: Layout; w: Float64Array; hessian: Float64Array };
}

/**
 * Weights near the mode, and the factor of about minus the Hessian there.
 * @param network derived from that of `near`: units keep their `out`, edges their weights, where they are the same
 * @param w [D] where to begin
 */
export function approach(
  evaluator: Evaluator, network: Network, layout: Layout, w: Float64Array, near: Near,
): { point: Point; factor: Float64Array | undefined } {
  const { size } = layout;
  const { fit: { layout: before, hessian } } = near;
  const origin = originsOf(network, near.network, evaluator.table);
  const fresh = Array.from(origin.keys()).filter((p) => origin[p] < 0);
  const matrix = new Float64Array(size * size);
  for (let p = 0; p < size; p++) {
    if (origin[p] < 0) continue;
    for (let q = 0; q < size; q++) if (origin[q] >= 0) matrix[p * size + q] = hessian[origin[p] * before.size + origin[q]];
    matrix[p * size + p] += layout.precision[p] - before.precision[origin[p]];
  }
  const begun = begin(evaluator, layout, w, fresh.length === 0 ? shifted(matrix, origin, w, near) : undefined);
  const gradient = evaluator.gradient();
  evaluator.rows(fresh).forEach((row, at) => {
    const p = fresh[at];
    for (let q = 0; q < size; q++) matrix[p * size + q] = matrix[q * size + p] = row[q];
    matrix[p * size + p] += layout.precision[p];
  });
  return { point: { ...begun, gradient }, factor: raised(matrix, size, fresh) };
}

/**
 * The factor, where need be with more curvature in the new weights: theirs is without second derivatives, that of the others
 * is not.
 */
function raised(matrix: Float64Array, size: number, fresh: readonly number[]): Float64Array | undefined {
  for (const factor of [1, 1.5, 4]) {
    const more = matrix.slice();
    for (const p of fresh) more[p * size + p] *= factor;
    const found = cholesky(more, size);
    if (found || fresh.length === 0) return found;
  }
  return undefined;
}

function begin(
  evaluator: Evaluator, layout: Layout, w: Float64Array, other: Float64Array | undefined,
): { w: Float64Array; value: number } {
  const value = evaluator.value(layout, w);
  if (!other) return { w, value };
  const reached = evaluator.value(layout, other);
  return reached >= value ? { w: other, value: reached } : { w, value: evaluator.value(layout, w) };
}

/** Where the weights that stay would go, were the log posterior a quadratic, when the others are set to 0. */
function shifted(
  matrix: Float64Array, origin: Int32Array, w: Float64Array, { fit: { layout: { size: before }, w: old, hessian } }: Near,
): Float64Array | undefined {
  const size = w.length;
  if (size === before) return undefined;
  const factor = cholesky(matrix, size);
  if (!factor) return undefined;
  const kept = new Uint8Array(before);
  for (const p of origin) kept[p] = 1;
  const pull = new Float64Array(size);
  for (let r = 0; r < before; r++) {
    if (kept[r] === 1) continue;
    for (let p = 0; p < size; p++) pull[p] += hessian[origin[p] * before + r] * old[r];
  }
  const move = solveFactored(factor, pull, size);
  return w.map((each, p) => each + move[p]);
}

/** For each weight its place in the other network, -1 where it has none. */
function originsOf(
  network: Network, other: Network, { columns, outputs: K }: { columns: readonly number[]; outputs: number },
): Int32Array {
  const places = new Map<string, number>();
  let at = 0;
  const visit = (each: Network, unitName: (h: number) => string, found: (name: string) => void): void => {
    for (let k = 0; k < K; k++) found(`b${k}`);
    for (const { input, mask } of each.skips) {
      for (let g = 0; g < columns[input]; g++) for (let k = 0; k < K; k++) if (hasOutput(mask, k)) found(`s${input}.${g}.${k}`);
    }
    each.units.forEach(({ inputs, weights, mask }, h) => {
      const name = unitName(h);
      found(`${name}c`);
      inputs.forEach((input, e) => weights[e].forEach((_, g) => found(`${name}${edgeName(weights[e], input)}.${g}`)));
      for (let k = 0; k < K; k++) if (hasOutput(mask, k)) found(`${name}v${k}`);
    });
  };
  const edges = new Map<Float64Array, number>();
  const edgeName = (weight: Float64Array, input: number): string => {
    if (!edges.has(weight)) edges.set(weight, edges.size);
    return `${input}#${edges.get(weight)}`;
  };
  visit(other, (h) => `u${h}`, (name) => places.set(name, at++));
  const units = new Map(other.units.map(({ out }, h) => [out, h]));
  const origin: number[] = [];
  visit(network, (h) => `u${units.get(network.units[h].out) ?? 'new'}`, (name) => origin.push(places.get(name) ?? -1));
  return Int32Array.from(origin);
}
