// A table in memory, as the reader of CSV files would have made it.

/**
 * @param {Float64Array[]} inputs p arrays of n numbers
 * @param {{ name: string, values?: Float64Array, codes?: Int32Array, levels?: string[] }} target numbers as values, or classes
 *   as codes with their levels
 * @returns {import('bnnc/parts').Table}
 */
export function memoryTable(inputs, target, names = inputs.map((_, i) => `x${i + 1}`)) {
  const rows = inputs[0].length;
  /** @returns {import('bnnc/parts').NumberColumn} */
  const numbers = (values) => ({ type: 'number', values });
  /** @type {import('bnnc/parts').Column} */
  const last = target.levels ? { type: 'text', codes: target.codes, levels: target.levels } : numbers(target.values);
  return {
    file: 'simulated', names: [...names, target.name], columns: [...inputs.map(numbers), last], rows,
    lines: Int32Array.from({ length: rows }, (_, row) => row + 2), headerLine: 1, delimiter: ',', missingSeen: [], sha256: '',
  };
}

/** p arrays of n zeros. */
export const emptyColumns = (p, n) => Array.from({ length: p }, () => new Float64Array(n));

/** Rows from..to-1. */
export const range = (from, to) => Int32Array.from({ length: to - from }, (_, at) => from + at);

/** The first rows are for training, the others for testing; none to validate on. */
export const splitAt = (train, rows) => ({ train: range(0, train), validation: new Int32Array(0), test: range(train, rows) });

/** `x1`..`xk`. */
export const firstInputs = (k) => Array.from({ length: k }, (_, i) => `x${i + 1}`);
