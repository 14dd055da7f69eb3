/** Texts that a column has had before, by their bytes: what a cell means is then known without making a text of it. */

/** As many distinct texts as are kept of a column; one with more of them names its rows. */
const MOST = 4096;
/** Texts longer than this are not kept. */
const LONGEST = 64;
const SLOTS = 4 * MOST;

/** FNV-1a, step by step: `hash = mixed(hash, byte)`, from {@link SEED}. */
export const SEED = -2128831035;
export const mixed = (hash: number, byte: number): number => Math.imul(hash ^ byte, 16777619);

/** A hash table without removal, of keys that lie one after the other in one array of bytes. */
export class KnownCells {
  /** One more than the number of the entry; 0: free. */
  private slots: Uint16Array | undefined;
  private readonly hashes: number[] = [];
  private readonly meanings: number[] = [];
  private readonly ends: number[] = [0];
  private keys = new Uint8Array(0);

  /** What a cell was remembered to mean; undefined if it was not. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number | undefined {
    const { slots, hashes, ends, keys } = this;
    if (slots === undefined) return undefined;
    const length = end - start;
    for (let slot = hash & (SLOTS - 1); slots[slot] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
      const entry = slots[slot] - 1;
      const from = ends[entry];
      if (hashes[entry] !== hash || ends[entry + 1] - from !== length) continue;
      let at = 0;
      while (at < length && keys[from + at] === bytes[start + at]) at++;
      if (at === length) return this.meanings[entry];
    }
    return undefined;
  }

  /** @param meaning a code, or -1 of a missing cell; the bytes are not among those remembered */
  remember(bytes: Uint8Array, start: number, end: number, hash: number, meaning: number): void {
    const entry = this.hashes.length;
    const length = end - start;
    if (entry === MOST || length > LONGEST) return;
    this.slots ??= new Uint16Array(SLOTS);
    const from = this.ends[entry];
    if (this.keys.length < from + length) {
      const larger = new Uint8Array(2 * (from + length));
      larger.set(this.keys);
      this.keys = larger;
    }
    this.keys.set(bytes.subarray(start, end), from);
    this.hashes.push(hash);
    this.meanings.push(meaning);
    this.ends.push(from + length);
    let slot = hash & (SLOTS - 1);
    while (this.slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    this.slots[slot] = entry + 1;
  }
}
