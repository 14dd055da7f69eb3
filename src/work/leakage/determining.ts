/** An input by which alone the target is known. */
import { cellFeatures } from '../../data/feature.js';
import { classesOf, eachOf } from '../../likelihood/index.js';
import type { Encoder, LabelledDataset } from '../../types.js';

export interface Determining {
  input: string;
  /** `order`: each class has an interval of its own. `levels`: each level has one target. `line`: the target is a line in it. */
  by: 'order' | 'levels' | 'line';
}

/** Rows that a class, or a level on average, has at least. */
const FEWEST = 10;
const ROWS_PER_LEVEL = 5;
const ALL_VARIANCE = 0.9995;

/** The first such input, of the first target that has one, on training rows and held-out rows together. */
export function determining(encoder: Encoder, inside: LabelledDataset, outside: LabelledDataset): Determining | undefined {
  for (let place = 0; place < eachOf(encoder.target).length; place++) {
    const y = (set: LabelledDataset): ArrayLike<number> & Iterable<number> => (place === 0 ? set.y : set.others![place - 1]);
    const found = determiningOne(encoder, inside, outside, Float64Array.from([...y(inside), ...y(outside)]));
    if (found) return found;
  }
  return undefined;
}

function determiningOne(
  encoder: Encoder, inside: LabelledDataset, outside: LabelledDataset, y: Float64Array,
): Determining | undefined {
  const classes = classesOf(encoder.target)?.length;
  if (y.length < 2 * FEWEST) return undefined;
  const column = (c: number): Float64Array => columnOf([inside, outside], c);
  let first = 0;
  for (const { name, columns } of cellFeatures(encoder.features)) {
    const values = columns.map((_, at) => column(first + at));
    first += columns.length;
    if (columns.length === 1 && columns[0].type === 'number') {
      if (classes === undefined ? isLine(values[0], y) : isOrdered(values[0], y, classes)) {
        return { input: name, by: classes === undefined ? 'line' : 'order' };
      }
    } else if (columns.every(({ type }) => type !== 'number') && haveOneTarget(values, y, classes !== undefined)) {
      return { input: name, by: 'levels' };
    }
  }
  return undefined;
}

function columnOf(sets: readonly LabelledDataset[], c: number): Float64Array {
  const cells = new Float64Array(sets.reduce((sum, { x }) => sum + x.rows, 0));
  let at = 0;
  for (const { x: { rows, cols, data } } of sets) for (let n = 0; n < rows; n++) cells[at++] = data[n * cols + c];
  return cells;
}

/** Whether each class has an interval of its own, all classes with enough rows. */
function isOrdered(x: Float64Array, y: Float64Array, classes: number): boolean {
  const [least, most] = [new Float64Array(classes).fill(Infinity), new Float64Array(classes).fill(-Infinity)];
  const counts = new Int32Array(classes);
  x.forEach((value, n) => {
    const label = y[n];
    counts[label]++;
    least[label] = Math.min(least[label], value);
    most[label] = Math.max(most[label], value);
  });
  if (counts.some((count) => count < FEWEST)) return false;
  const order = Array.from(least.keys()).sort((a, b) => least[a] - least[b]);
  return order.every((label, at) => at === 0 || least[label] > most[order[at - 1]]);
}

function isLine(x: Float64Array, y: Float64Array): boolean {
  const n = x.length;
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    sx += x[i];
    sy += y[i];
    sxx += x[i] * x[i];
    syy += y[i] * y[i];
    sxy += x[i] * y[i];
  }
  const [xx, yy, xy] = [sxx - sx * sx / n, syy - sy * sy / n, sxy - sx * sy / n];
  return xx > 0 && yy > 0 && xy * xy / (xx * yy) > ALL_VARIANCE;
}

/** Whether rows of one level, by its indicator columns, have one class, or nearly one number. */
function haveOneTarget(columns: readonly Float64Array[], y: Float64Array, isClass: boolean): boolean {
  const levels = new Map<string, number[]>();
  y.forEach((target, n) => {
    const level = columns.map((column) => column[n]).join();
    const known = levels.get(level);
    if (known) known.push(target);
    else levels.set(level, [target]);
  });
  if (levels.size * ROWS_PER_LEVEL > y.length) return false;
  if (isClass) return [...levels.values()].every((targets) => targets.every((target) => target === targets[0]));
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const total = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  let within = 0;
  for (const targets of levels.values()) {
    const own = targets.reduce((sum, value) => sum + value, 0) / targets.length;
    for (const target of targets) within += (target - own) ** 2;
  }
  return total > 0 && 1 - within / total > ALL_VARIANCE;
}
