/** Random numbers for the made tables of the cookbook: the same seed gives the same table everywhere. */

/** Draws from a seed (mulberry32): uniform on [0, 1), normal, Poisson. */
export function draws(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const poisson = (mean) => {
    let [count, product] = [0, uniform()];
    while (product > Math.exp(-mean)) {
      count += 1;
      product *= uniform();
    }
    return count;
  };
  return { uniform, normal, poisson };
}

/** Prints objects of one shape as CSV. */
export function printCsv(rows) {
  const names = Object.keys(rows[0]);
  console.log([names.join(','), ...rows.map((row) => names.map((name) => row[name]).join(','))].join('\n'));
}
