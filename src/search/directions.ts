/**
 * How the outputs' derivatives meet the weights. A weight moves the outputs of a row along a direction in the K outputs: that of
 * one output, or of a unit's weights v_h; there are K + H of them. Derivatives along directions are columns of n numbers.
 */
import type { Density } from './density.js';

export class Directions {
  private weights: Float64Array[] = [];
  private readonly pool: Float64Array[] = [];
  private taken = 0;
  private gradients: (Float64Array | undefined)[] = [];
  private informations = new Map<number, Float64Array>();

  constructor(private readonly density: Density, private readonly rows: number, private readonly outputs: number) {}

  /** At the outputs where the density is now. @param out for each unit v_h [K] */
  reset(out: Float64Array[]): void {
    const { outputs: K } = this;
    this.taken = 0;
    this.gradients = [];
    this.informations = new Map();
    const single = (k: number): Float64Array => Float64Array.from({ length: K }, (_, j) => Number(j === k));
    this.weights = [...Array.from({ length: K }, (_, k) => single(k)), ...out];
  }

  /** Derivative of log p along a direction, n. */
  gradient(a: number): Float64Array {
    const { outputs: K, density: { gradient } } = this;
    const weights = this.weights[a];
    return this.gradients[a] ??= K === 1 ? this.scaled(gradient, weights[0]) : this.combined((k) => [gradient, k, K], weights);
  }

  /** Minus the second derivative of log p along two directions, n. */
  information(a: number, b: number): Float64Array {
    if (a < b) return this.information(b, a);
    const { outputs: K, density: { information }, weights } = this;
    const id = a * weights.length + b;
    const known = this.informations.get(id);
    if (known) return known;
    let made: Float64Array;
    if (K === 1) made = this.scaled(information, weights[a][0] * weights[b][0]);
    else if (a >= K) made = this.combined((k) => [this.information(k, b), 0, 1], weights[a]);
    else made = this.combined(() => [information, a * K + b, K * K], ONE);
    this.informations.set(id, made);
    return made;
  }

  private scaled(column: Float64Array, factor: number): Float64Array {
    if (factor === 1) return column;
    const sum = this.room();
    for (let n = 0; n < sum.length; n++) sum[n] = factor * column[n];
    return sum;
  }

  private combined(part: (k: number) => [from: Float64Array, at: number, step: number], weights: Float64Array): Float64Array {
    // Taken first: what a part needs must not take the same room.
    const parts = Array.from(weights, (weight, k) => (weight === 0 ? undefined : part(k)));
    const sum = this.room().fill(0);
    parts.forEach((each, k) => {
      if (!each) return;
      const [from, first, step] = each;
      const weight = weights[k];
      for (let n = 0, at = first; n < sum.length; n++, at += step) sum[n] += weight * from[at];
    });
    return sum;
  }

  private room(): Float64Array {
    return this.pool[this.taken++] ??= new Float64Array(this.rows);
  }
}

const ONE = Float64Array.of(1);
