/** Modes of the posterior that are one another's mirror images. */
import { normalCdf } from '../maths/normal.js';
import { OUT, type Layout } from './layout.js';
import { unitKey, type Network } from './network.js';

/**
 * Log of how many modes one stands for. A unit with bias and edges of the other sign is the same function, and so are two like
 * units that change places. Two modes a Mahalanobis distance d apart count as 1 + erf(d / sqrt 8): as one where they coincide, as
 * two far apart (equation (36)).
 * @param factor Cholesky factor of minus the Hessian
 */
export function logModes({ units }: Network, { size: D, from, kind }: Layout, w: Float64Array, factor: Float64Array): number {
  const keys = units.map(unitKey);
  const change = new Float64Array(D);
  const apart = (h: number, g = h): number => {
    const first = Math.min(from[h], from[g]);
    let squares = 0;
    for (let j = 0; j < D; j++) {
      let sum = 0;
      for (let i = Math.max(first, j); i < D; i++) sum += factor[i * D + j] * change[i];
      squares += sum * sum;
    }
    change.fill(0);
    return 2 * normalCdf(Math.sqrt(squares) / 2) - 1;
  };
  const mirrored = (h: number): number => {
    for (let p = from[h]; p < from[h + 1]; p++) if (kind[p] !== OUT) change[p] = 2 * w[p];
    return apart(h);
  };
  const exchanged = (h: number, g: number, sign: number): number => {
    for (let at = 0; at < from[h + 1] - from[h]; at++) {
      const [a, b] = [from[g] + at, from[h] + at];
      const turned = kind[a] === OUT ? 1 : sign;
      change[a] = turned * w[b] - w[a];
      change[b] = turned * w[a] - w[b];
    }
    return apart(h, g);
  };
  let log = 0;
  for (let h = 0; h < units.length; h++) {
    log += Math.log1p(mirrored(h));
    let like = 0;
    for (let g = 0; g < h; g++) if (keys[g] === keys[h]) like += Math.min(exchanged(h, g, 1), exchanged(h, g, -1));
    log += Math.log1p(like);
  }
  return log;
}
