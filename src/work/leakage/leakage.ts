/**
 * What makes held-out rows easier to predict than new ones: rows nearly equal to training rows, and an input that determines the
 * target (docs/method.md, The leakage watch). A look at few hundred rows, before anything is trained.
 */
import { eachOf } from '../../likelihood/index.js';
import { cellFeatures } from '../../data/feature.js';
import { cellText, isMissing, type Table } from '../../data/index.js';
import { Stream } from '../../random.js';
import type { Encoder, LabelledDataset, Matrix } from '../../types.js';
import { determining, type Determining } from './determining.js';
import { clipped, nearRows, type NearRows } from './near-rows.js';

/** What was found; empty where nothing was. */
export interface Leakage {
  /** Of the held-out rows that were looked at: the share that have a training row nearly equal to them. */
  nearRows?: { share: number; rows: number; /** The column whose values repeat over such pairs of rows. */ column?: string };
  /** A column whose rows of one value are neighbours, though not nearly equal: `share` of the rows have a neighbour of theirs. */
  alike?: { column: string; share: number };
  /** An input by which alone the target is known. */
  determining?: Determining;
}

/** Rows on one side of a split: encoded, and where they stand in their table. */
export interface Side {
  table: Table;
  rows: Int32Array;
  set: LabelledDataset;
}

const OUTSIDE = 300;
const INSIDE = 2000;
const COLUMNS = 100;
/** From so many values on the training rows a column counts, or where these are few, a quarter of them. */
const MANY_VALUES = 20;
/** Share of rows that are nearly equal from which on it is told. */
const SHARE = 0.3;
/** Pairs of nearly equal rows have one value of the column in this share, and other pairs in no more than that. */
const REPEATS = 0.8;
const BY_CHANCE = 0.2;
/** The same of neighbours that are not nearly equal, of columns with many values that are no measurements. */
const ALIKE = 0.5;
const ALIKE_BY_CHANCE = 0.1;

/** @param seed decides which rows are looked at, where there are many */
export function watchLeakage(encoder: Encoder, inside: Side, outside: Side, seed: number): Leakage {
  const stream = Stream.fromSeed(seed).split('leakage');
  const determined = determining(encoder, inside.set, outside.set);
  const [few, some] = [sampled(outside, OUTSIDE, stream.split('outside')), sampled(inside, INSIDE, stream.split('inside'))];
  const columns = measured(encoder, some.set.x, stream.split('columns'));
  const [x, among] = [clipped(few.set.x), clipped(some.set.x)];
  const found = nearRows(x, among, columns, areTelling(among, columns));
  const told = found && pairs(encoder, some, few, { found, columns, x, among });
  // What names the group of a row names its target, too.
  const isGroup = determined !== undefined && [told?.nearRows?.column, told?.alike?.column].includes(determined.input);
  return { ...told, ...(determined && !isGroup && { determining: determined }) };
}

function sampled({ table, rows, set }: Side, most: number, stream: Stream): Side {
  if (rows.length <= most) return { table, rows, set };
  const places = stream.permutation(rows.length).slice(0, most).sort();
  const { cols, data } = set.x;
  const x = new Float32Array(most * cols);
  places.forEach((place, at) => x.set(data.subarray(place * cols, (place + 1) * cols), at * cols));
  return {
    table, rows: places.map((place) => rows[place]),
    set: { x: { rows: most, cols, data: x }, y: Float32Array.from(places, (place) => set.y[place]) },
  };
}

/** Columns of numbers that take many values: levels, counts and scores are often equal in honest rows. */
function measured({ features }: Encoder, x: Matrix, stream: Stream): number[] {
  const least = Math.min(MANY_VALUES, x.rows / 4);
  const kinds = features.flatMap(({ columns }) => columns.map(({ type }) => type));
  const found = kinds.flatMap((type, c) => (type === 'number' && valuesOf(x, c).size > least ? [c] : []));
  if (found.length <= COLUMNS) return found;
  return Array.from(stream.permutation(found.length).subarray(0, COLUMNS), (at) => found[at]);
}

function valuesOf({ rows, cols, data }: Matrix, c: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let n = 0; n < rows; n++) counts.set(data[n * cols + c], (counts.get(data[n * cols + c]) ?? 0) + 1);
  return counts;
}

/** Whether a row would hardly equal another if its columns were independent: not so of few columns with few values. */
function areTelling(x: Matrix, columns: readonly number[]): boolean {
  let log = Math.log(x.rows);
  for (const c of columns) log += Math.log(byChance([...valuesOf(x, c).values()], x.rows));
  return log < Math.log(0.01);
}

/** Probability that two rows have one value. */
const byChance = (counts: readonly number[], rows: number): number => counts.reduce((sum, count) => sum + (count / rows) ** 2, 0);

interface Look {
  found: NearRows;
  columns: readonly number[];
  x: Matrix;
  among: Matrix;
}

function pairs(encoder: Encoder, inside: Side, outside: Side, look: Look): Pick<Leakage, 'nearRows' | 'alike'> {
  const { found: { share, near } } = look;
  const isLeak = share >= SHARE;
  const [mostChance, least] = isLeak ? [BY_CHANCE, REPEATS] : [ALIKE_BY_CHANCE, ALIKE];
  const chosen = isLeak ? near : near.map(() => true);
  const candidates = repeating(inside, eachOf(encoder.target).map(({ name }) => name))
    .filter(({ chance, isKey }) => chance <= mostChance && (isLeak || isKey));
  const judged = candidates.flatMap((each) => {
    const repeats = repeatsOf(encoder, inside, outside, each, look, chosen);
    return repeats >= least ? [{ ...each, repeats }] : [];
  });
  const best = bestOf(judged);
  if (isLeak) return { nearRows: { share, rows: outside.rows.length, ...(best && { column: best.name }) } };
  return best ? { alike: { column: best.name, share: best.repeats } } : {};
}

interface Candidate {
  name: string;
  /** Probability that two training rows have one value. */
  chance: number;
  /** Texts, or numbers that are no inputs: no measurement. */
  isKey: boolean;
}

/** Columns whose values repeat, but not by chance. */
function repeating({ table, rows }: Side, targets: readonly string[]): Candidate[] {
  return table.names.flatMap((name, c): Candidate[] => {
    if (targets.includes(name)) return [];
    const column = table.columns[c];
    const counts = new Map<string, number>();
    const present = rows.filter((row) => !isMissing(column, row));
    for (const row of present) counts.set(cellText(column, row)!, (counts.get(cellText(column, row)!) ?? 0) + 1);
    // Values that stand once have no other row.
    const repeat = counts.size >= 4 && present.length >= 1.5 * counts.size;
    if (!repeat || present.length < rows.length / 2) return [];
    return [{ name, chance: byChance([...counts.values()], present.length), isKey: column.type === 'text' }];
  });
}

/** Keys before measurements, which are often the same in rows of one group, too. */
function bestOf<C extends Candidate & { repeats: number }>(all: readonly C[]): C | undefined {
  const worth = ({ repeats: share, chance, isKey }: C): number => share - chance + (isKey ? 0.05 : 0);
  return all.reduce<C | undefined>((best, each) => (best === undefined || worth(each) > worth(best) ? each : best), undefined);
}

/**
 * Of the chosen rows, which share have the value of their nearest row; a column that is an input is no part of that distance.
 * A number counts as a group only where the rows of its value are neighbours: of copies every cell repeats.
 */
function repeatsOf(
  encoder: Encoder, inside: Side, outside: Side, { name, isKey }: Candidate, { found, columns, x, among }: Look,
  chosen: readonly boolean[],
): number {
  const own = ownColumns(encoder, name);
  const others = columns.filter((c) => !own.has(c));
  const { nearest, reach } = others.length === columns.length ? found : nearRows(x, among, others, true) ?? found;
  const here = outside.table.names.indexOf(name);
  if (here < 0) return 0;
  const cells = Array.from(inside.rows, (row) => cellText(inside.table.columns[inside.table.names.indexOf(name)], row));
  let [same, of, close, kin] = [0, 0, 0, 0];
  chosen.forEach((isChosen, q) => {
    if (!isChosen) return;
    of++;
    const cell = cellText(outside.table.columns[here], outside.rows[q]);
    if (cell === undefined || cell !== cells[nearest[q]]) return;
    same++;
    if (isKey) return;
    cells.forEach((other, n) => {
      if (other !== cell) return;
      kin++;
      if (distance(x, q, among, n, others) <= reach[q]) close++;
    });
  });
  return of > 0 && (isKey || close >= REPEATS * kin) ? same / of : 0;
}

const distance = (x: Matrix, q: number, among: Matrix, n: number, columns: readonly number[]): number =>
  Math.hypot(...columns.map((c) => x.data[q * x.cols + c] - among.data[n * among.cols + c]));

function ownColumns({ features }: Encoder, name: string): Set<number> {
  const own = new Set<number>();
  let at = 0;
  for (const feature of cellFeatures(features)) {
    for (let c = 0; c < feature.columns.length; c++, at++) if (feature.name === name) own.add(at);
  }
  return own;
}

