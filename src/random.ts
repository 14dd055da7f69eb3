/**
 * Seeded, splittable streams of random numbers. A stream is a key; `split` makes an independent stream from a label, so
 * every draw in the program is named by its path (`seed / restart 2 / noise / step 17`) and does not depend on what was
 * drawn before it. That is what makes resuming bit-exact.
 *
 * Generator: sfc32 (Chris Doty-Humphrey's Small Fast Counting generator), keyed by a 128-bit FNV-style hash of the path.
 */

const scramble = (h: number): number => {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

type Key = readonly [number, number, number, number];

/** Absorbs a label into a key, one UTF-16 unit at a time, in four lanes with different multipliers. */
function absorb(key: Key, label: string): Key {
  let [a, b, c, d] = key;
  const text = `/${label}`;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x9e3779b1) + a;
    c = Math.imul(c ^ unit, 0x7feb352d) + b;
    d = Math.imul(d ^ unit, 0x846ca68b) + c;
  }
  return [scramble(a ^ d), scramble(b ^ a), scramble(c ^ b), scramble(d ^ c)];
}

/** An independent source of random numbers. Every function that draws takes one. */
export class Stream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  private constructor(private readonly key: Key) {
    [this.a, this.b, this.c] = key;
    this.counter = key[3] | 1;
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** The root stream of a program run. */
  static fromSeed(seed: number | string): Stream {
    return new Stream(absorb([0x811c9dc5, 0x243f6a88, 0x13198a2e, 0x03707344], String(seed)));
  }

  /** The stream named `label` below this one; the same whatever was drawn from this one. */
  split(...labels: (string | number)[]): Stream {
    return new Stream(labels.reduce<Key>((key, label) => absorb(key, String(label)), this.key));
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const t = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t | 0;
    return t >>> 0;
  }

  /** Uniform on [0, 1), 32 bits. */
  uniform(): number {
    return this.bits() / 4294967296;
  }

  /** Uniform integer in 0..n-1. */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** `length` standard normal numbers (Box-Muller, both halves used). */
  normals(length: number): Float32Array {
    const out = new Float32Array(length);
    for (let i = 0; i < length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log((this.bits() + 0.5) / 4294967296));
      const angle = (2 * Math.PI * this.bits()) / 4294967296;
      out[i] = radius * Math.cos(angle);
      if (i + 1 < length) out[i + 1] = radius * Math.sin(angle);
    }
    return out;
  }

  /** `length` uniform numbers on [0, 1). */
  uniforms(length: number): Float32Array {
    const out = new Float32Array(length);
    // Dropping to 24 bits keeps the float32 below 1.
    for (let i = 0; i < length; i++) out[i] = (this.bits() >>> 8) / 16777216;
    return out;
  }

  /** The integers 0..n-1 in random order (Fisher-Yates). */
  permutation(n: number): Int32Array {
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const last = order[i];
      order[i] = order[j];
      order[j] = last;
    }
    return order;
  }
}
