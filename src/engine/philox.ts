/**
 * The uniform numbers of TensorFlow's operation StatelessRandomUniform, bit for bit, without TensorFlow: Philox 4x32 with ten
 * rounds (Salmon, Moraes, Dror, Shaw 2011, *Parallel random numbers: as easy as 1, 2, 3*, section 3.2).
 */

const ROUNDS = 10;
/** Multipliers of a round, and what its two keys grow by. */
const [M0, M1] = [0xd2511f53, 0xcd9e8d57];
const [W0, W1] = [0x9e3779b9, 0xbb67ae85];
/** The key under which TensorFlow makes key and counter of the two seeds. */
const SCRAMBLING = [0x3ec8f720, 0x02461e29] as const;

/** The upper 32 of the 64 bits of a product of two numbers of 32 bits. */
function highProduct(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  return a1 * b1 + (middle >>> 16) + ((a0 * b1 + (middle & 0xffff)) >>> 16);
}

/** Four numbers of 32 bits from a counter of four and a key of two, into `out`. */
function block(out: Uint32Array, counter: ArrayLike<number>, key0: number, key1: number): void {
  let [c0, c1, c2, c3] = [counter[0], counter[1], counter[2], counter[3]];
  let [k0, k1] = [key0, key1];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = highProduct(M0, c0);
    const high1 = highProduct(M1, c2);
    const [low0, low1] = [Math.imul(M0, c0), Math.imul(M1, c2)];
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * `count` numbers on [0, 1), multiples of 2^-23.
 * @param seeds two signed numbers of 32 bits
 */
export function philoxUniforms(count: number, seeds: readonly [number, number]): Float32Array {
  const out = new Float32Array(count);
  const four = new Uint32Array(4);
  // Seeds are taken for numbers of 64 bits.
  block(four, seeds.flatMap((seed) => [seed, seed >> 31]), ...SCRAMBLING);
  const [key0, key1, ...upper] = four;
  const counter = [0, 0, ...upper];
  for (let at = 0; at < count; at += 4, counter[0]++) {
    block(four, counter, key0, key1);
    for (let i = 0; i < 4 && at + i < count; i++) out[at + i] = (four[i] & 0x7fffff) / 0x800000;
  }
  return out;
}
