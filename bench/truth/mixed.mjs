// Simulated sets for the reliability of inclusion probabilities: the seed draws the number of rows and inputs, how they
// correlate, which inputs count, the form of their effect, the share of noise and the kind of target. Those for knockoffs have
// more true inputs, for the filter selects none unless it can select 1 / rate of them.
import { Stream } from 'bnnc/parts';
import { emptyColumns, memoryTable, splitAt } from './columns.mjs';

const TEST = 200;
const ROWS = [200, 300, 500, 1000];
const INPUTS = [10, 20, 50];
const TRUE = [0, 1, 2, 3, 4, 5, 6];
const CORRELATION = [0, 0.3, 0.6];
/** Share of the target's variance that the inputs explain. */
const EXPLAINED = [0.4, 0.6, 0.8, 0.95];
const FORMS = ['linear', 'additive', 'products'];
const TARGETS = ['number', 'number', 'class'];
const SHAPES = [(x) => x, Math.sin, (x) => x * x, Math.tanh, (x) => Math.abs(x), (x) => Math.cos(2 * x)];

/** What the set of a seed is like. */
export function traits(seed) {
  const stream = Stream.fromSeed('mixed').split(seed, 'traits');
  const pick = (values) => values[stream.integer(values.length)];
  const facts = { rows: pick(ROWS), inputs: pick(INPUTS), correlation: pick(CORRELATION), neighbours: pick([true, false]) };
  return { ...facts, true: pick(TRUE), explained: pick(EXPLAINED), form: pick(FORMS), target: pick(TARGETS) };
}

const TRUE_OF_CROWDED = 15;

/** What the set of a seed is like that has many true inputs. */
export function crowdedTraits(seed) {
  const stream = Stream.fromSeed('crowded').split(seed, 'traits');
  const pick = (values) => values[stream.integer(values.length)];
  return {
    rows: pick([500, 1000]), inputs: 50, correlation: pick(CORRELATION), neighbours: pick([true, false]), true: TRUE_OF_CROWDED,
    explained: pick([0.6, 0.8, 0.95]), form: pick(['linear', 'additive']), target: 'number',
  };
}

export const mixed = (seed) => drawn(traits(seed), Stream.fromSeed('mixed').split(seed));
export const crowded = (seed) => drawn(crowdedTraits(seed), Stream.fromSeed('crowded').split(seed));

function drawn(is, stream) {
  const n = is.rows + TEST;
  const inputs = correlatedInputs(stream, n, is);
  const chosen = Array.from(stream.split('chosen').permutation(is.inputs).subarray(0, is.true));
  const signal = standardised(effect(stream.split('effect'), inputs, chosen, is.form, n));
  const noise = stream.split('noise').normals(n);
  const share = is.true === 0 ? 0 : is.explained;
  const values = signal.map((s, row) => Math.sqrt(share) * s + Math.sqrt(1 - share) * noise[row]);
  const target = is.target === 'number' ? { name: 'y', values }
    : { name: 'y', codes: Int32Array.from(values, (value) => Number(value > 0)), levels: ['low', 'high'] };
  return {
    table: memoryTable(inputs, target), splits: splitAt(is.rows, n), truth: chosen.sort((a, b) => a - b).map((i) => `x${i + 1}`),
    sets: [`data.task=${is.target === 'number' ? 'regression' : 'binary'}`],
  };
}

/** Normal inputs; neighbours correlate as an autoregression does, or all pairs correlate alike. */
function correlatedInputs(stream, n, { inputs: p, correlation, neighbours }) {
  const inputs = emptyColumns(p, n);
  const common = stream.split('common').normals(n);
  const own = inputs.map((_, i) => stream.split('x', i).normals(n));
  inputs.forEach((column, i) => {
    for (let row = 0; row < n; row++) {
      if (!neighbours) column[row] = Math.sqrt(correlation) * common[row] + Math.sqrt(1 - correlation) * own[i][row];
      else if (i === 0) column[row] = own[i][row];
      else column[row] = correlation * inputs[i - 1][row] + Math.sqrt(1 - correlation ** 2) * own[i][row];
    }
  });
  return inputs;
}

/** Sum over the chosen inputs: lines, curves, or products of pairs (with a line for the odd one). */
function effect(stream, inputs, chosen, form, n) {
  const strength = chosen.map(() => (stream.integer(2) ? 1 : -1) * (0.5 + stream.uniform()));
  const shapes = chosen.map(() => SHAPES[stream.integer(SHAPES.length)]);
  const curves = chosen.map((input, k) => standardised(inputs[input].map(form === 'linear' ? (x) => x : shapes[k])));
  const sum = new Float64Array(n);
  chosen.forEach((input, k) => {
    const partner = form === 'products' && k % 2 === 0 ? chosen[k + 1] : undefined;
    for (let row = 0; row < n; row++) {
      const term = partner === undefined ? curves[k][row] : inputs[input][row] * inputs[partner][row];
      if (form !== 'products' || k % 2 === 0) sum[row] += strength[k] * term;
    }
  });
  return sum;
}

/** To mean 0 and variance 1; zeros stay zeros. */
function standardised(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / (sd || 1));
}
