/** From the data file to what training takes: table -> split -> encoder -> encoded rows -> network shape. */
import type { Resolved } from '../config/resolve.js';
import type { Config } from '../config/schema.js';
import {
  allRows, contentHash, divisionLines, divisionOf, encode, encodeSteps, encoderSteps, labelledRows, readTable, remarkSteps,
  columnCount, ofTarget, rowFacts, splitSteps, tableSource, targetRemark, tooFew,
  type Columnar, type Division, type Table,
} from '../data/index.js';
import { BnncError, fail } from '../errors.js';
import { factsAt, likelihoodOf, targetNames } from '../likelihood/index.js';
import { shapeSources, skipGraph } from '../model/graph.js';
import type { NetworkShape } from '../model/shape.js';
import { Interrupted } from '../jobs/abort.js';
import { Stream } from '../random.js';
import { finish, finishUnlessAborted } from '../steps.js';
import { fitRows } from '../train/all-rows.js';
import { heldLine, heldOf, heldRows, isLarge, storeSteps, type LargeTables } from './large.js';
import { leakageLines } from './leakage/findings.js';
import { watchLeakage, type Leakage } from './leakage/leakage.js';
import type { FitData } from '../train/types.js';
import { planTraining, type TrainingPlan } from '../train/plan.js';
import type { Encoder, LabelledDataset, RowFacts, Splits } from '../types.js';
import { words, type Words } from '../voice.js';
import { plural } from '../wording.js';
import { chosenVariant } from './variants.js';
import { fitDataOf, type Weighting } from './weights.js';

export type SplitName = 'train' | 'validation' | 'test';

export interface Prepared {
  /** What makes held-out rows easier to predict than new ones; absent where nobody looked. */
  leakage?: Leakage;
  table: Pick<Table, 'rows' | 'sha256'>;
  /** The test file, if there is one. */
  tests?: Pick<Table, 'rows' | 'sha256'>;
  splits: Splits;
  /** How rows that are not independent were divided; absent where they were dealt one by one. */
  division?: Division | undefined;
  encoder: Encoder;
  /** Encoded rows of every split that has rows, or a sample of them; y always there. */
  sets: Partial<Record<SplitName, LabelledDataset>>;
  /** How rows are weighted beside their own weights; absent: not at all. */
  weighting?: Weighting;
  /** Training rows as the likelihood wants them. */
  fitData: FitData;
  shape: NetworkShape;
  plan: TrainingPlan;
  /** Of a large table: the rows of `sets`, where these are samples of the parts. */
  held?: Splits;
  /** What a person may not expect of how columns are read. */
  remarks?: Words[];
}

export const STDIN_NAME = '<stdin>';

/** What a `data.path` of `-` stands for: what comes through a pipe, or a table that is there. */
export type Given = NodeJS.ReadableStream | Table;

/** The table that a config means. @throws usage.no-stdin and the errors of the data stage */
export async function dataTable(
  { config: { data }, dataName }: Pick<Resolved, 'config' | 'dataName'>, given?: Given, columnar?: Columnar,
): Promise<Table> {
  if (data.path !== '-') return labelledRows(await readTable(tableSource(data.path, dataName, data.query), { ...data, columnar }), data);
  if (given === undefined) throw fail('usage.no-stdin', 'data.path is -, but there is no standard input to read');
  if ('columns' in given) return labelledRows(given.sha256 === '' ? { ...given, sha256: contentHash(given) } : given, data);
  return labelledRows(await readTable({ name: STDIN_NAME, open: () => given }, data), data);
}

/** How a large table is kept out of memory; by default no table is. And when to leave the work. */
export interface Ways {
  columnar?: Columnar | undefined;
  large?: LargeTables | undefined;
  /** Looked at between the columns, or the blocks of rows, that are worked through. */
  signal?: AbortSignal | undefined;
}

/** Reads, splits and encodes. @throws the errors of the data stage; interrupted.stopped */
export async function prepare(resolved: Resolved, given?: Given, { columnar, large, signal }: Ways = {}): Promise<Prepared> {
  const { data, train } = resolved.config;
  const table = await dataTable(resolved, given, columnar);
  const tests = data.split.testFile === null ? undefined : await readTests(data.split.testFile, data);
  const prepared = await finishUnlessAborted(preparing(table, resolved.config, { tests, large }), signal);
  if (!prepared) throw new Interrupted();
  const leakage = leakageOf(prepared, table, train.seed, tests);
  return { ...prepared, leakage, remarks: [...(prepared.remarks ?? []), ...leakageLines(leakage)] };
}

function* preparing(table: Table, config: Config, more: More): Generator<void, Prepared> {
  const splits = yield* splitSteps(table, config.data, Stream.fromSeed(config.train.seed).split('split'));
  yield;
  return yield* prepareSteps(table, splits, config, more);
}

type More = { tests?: Table | undefined } & Pick<Ways, 'large'>;

/**
 * Encodes a table as its training rows have it.
 * @param tests rows of another table that are the test rows
 * @param large where a large table is kept; without it all rows are held
 * @throws the errors of the data stage
 */
export const prepareTable = (table: Table, splits: Splits, config: Omit<Config, 'inclusion'>, more: More = {}): Prepared =>
  finish(prepareSteps(table, splits, config, more));

function* prepareSteps(
  table: Table, splits: Splits, config: Omit<Config, 'inclusion'>, { tests, large }: More,
): Generator<void, Prepared> {
  const { data, train } = config;
  refuseThinShards(table, splits.train.length, train.partitions);
  const fitted = yield* encoderSteps(table, splits.train, data);
  const known = rowFacts(table, data);
  const sets: Prepared['sets'] = {};
  const columns = columnCount(fitted.features);
  const stored = large && isLarge(splits.train.length, columns, large.large) ? large : undefined;
  const rowsHeld = stored ? heldRows(splits, columns, stored.held, train.seed) : splits;
  yield;
  if (stored) Object.assign(sets, yield* labelledParts(table, fitted, known, rowsHeld));
  else for (const split of presentIn(rowsHeld)) sets[split] = labelledSet(table, fitted, known, rowsHeld[split]);
  if (tests) {
    const encoded = encode(tests, fitted, allRows(tests.rows));
    if (!encoded.y) {
      const [name] = targetNames(data.target);
      const what = tests.names.includes(name) ? 'no value in column' : 'no column';
      throw fail('data.missing-target', `the test file has ${what} '${name}'`, {
        where: { file: tests.file, line: tests.headerLine }, hint: 'Test rows need the target: name another data.split.testFile.',
      });
    }
    sets.test = { ...encoded, ...rowFacts(tests, ofTarget(data)) } as LabelledDataset;
  }
  const shape = networkShape(config, fitted);
  const rows = sets.train!;
  const target = chosenVariant(rows, shape, fitted.target, data, Stream.fromSeed(train.seed).split('variant'));
  const encoder = { ...fitted, target };
  const fitData: FitData = fitDataOf(rows, shape, encoder.target, data);
  if (stored) {
    const x = yield* storeSteps(table, fitted, splits.train, columns, stored.folder());
    // With no features the rows have their targets alone.
    const targets = labelledSet(table, { ...fitted, features: [] }, known, splits.train);
    fitData.all = { x, y: fitDataOf(targets, shape, encoder.target, data).y };
  }
  const plan = planTraining(fitRows(fitData), train);
  const facts = ({ rows: count, sha256 }: Table): Pick<Table, 'rows' | 'sha256'> => ({ rows: count, sha256 });
  const division = divisionOf(table, splits, data);
  const { unlabelled = 0 } = table;
  const left = unlabelled > 0 ? [`${plural(unlabelled, 'row')} without a target ${unlabelled === 1 ? 'is' : 'are'} left out`] : [];
  const read = [...targetRemark(encoder.target, data.task), ...(yield* remarkSteps(table, splits.train, encoder, data))];
  const sampled = stored && heldLine(heldOf(rowsHeld, splits));
  const remarks = [...left, ...read, ...divisionLines(division), ...(sampled === undefined ? [] : [sampled])];
  const told = {
    table: facts(table), ...(tests && { tests: facts(tests) }), ...(division && { division }),
    ...(stored && { held: rowsHeld }), remarks,
  };
  const { weightScale, classWeights } = data;
  return { ...told, splits, encoder, sets, weighting: { weightScale, classWeights }, fitData, shape, plan };
}

/** Training rows of the smallest shard. */
const LEAST_ROWS = 2;

/** @throws data.too-few-rows */
function refuseThinShards(table: Table, rows: number, partitions: number): void {
  if (partitions === 1 || rows >= LEAST_ROWS * partitions) return;
  const most = Math.max(1, Math.floor(rows / LEAST_ROWS));
  throw tooFew(table, `${plural(rows, 'training row')} cannot be divided among ${partitions} units`, `Set train.partitions to ${most} at most.`);
}

const labelledSet = (table: Table, encoder: Encoder, known: RowFacts, rows: Int32Array): LabelledDataset =>
  ({ ...encode(table, encoder, rows), ...factsAt(known, rows) }) as LabelledDataset;

const presentIn = (parts: Splits): SplitName[] => (['train', 'validation', 'test'] as const).filter((name) => parts[name].length > 0);

/** The same of each part that has rows, with one look at each column: those of a large table lie on the disk. */
function* labelledParts(table: Table, encoder: Encoder, known: RowFacts, parts: Splits): Generator<void, Prepared['sets']> {
  const names = presentIn(parts);
  const { x, y } = yield* encodeSteps(table, encoder, Int32Array.from(names.flatMap((name) => [...parts[name]])));
  let from = 0;
  return Object.fromEntries(names.map((name) => {
    const to = from + parts[name].length;
    // Copies: whoever sends one to a worker would send what it is a part of.
    const set = { x: { rows: to - from, cols: x.cols, data: x.data.slice(from * x.cols, to * x.cols) }, y: y!.slice(from, to) };
    from = to;
    return [name, { ...set, ...factsAt(known, parts[name]) }];
  }));
}

/** Of the test rows, else of the validation rows. */
export function leakageOf(
  { encoder, splits: whole, held: splits = whole, sets }: Prepared, table: Table, seed: number, tests?: Table,
): Leakage {
  const name = (['test', 'validation'] as const).find((split) => sets[split]);
  if (name === undefined) return {};
  const inside = { table, rows: splits.train, set: sets.train! };
  const outside = name === 'test' && tests ? { table: tests, rows: allRows(tests.rows), set: sets.test! }
    : { table, rows: splits[name], set: sets[name]! };
  return watchLeakage(encoder, inside, outside, seed);
}

async function readTests(path: string, options: Config['data']): Promise<Table> {
  try {
    return labelledRows(await readTable(tableSource(path, path, options.split.testQuery), options), options);
  } catch (error) {
    if (!(error instanceof BnncError)) throw error;
    const [first, ...rest] = error.said;
    throw new BnncError([{ ...first, message: words`data.split.testFile: ${first.message}` }, ...rest], { cause: error });
  }
}

/** The network that a config means for these inputs and this target. */
export function networkShape({ model, prior }: Pick<Config, 'model' | 'prior'>, { features, target }: Encoder): NetworkShape {
  const inputGroup = Int32Array.from(features.flatMap(({ columns }, feature) => columns.map(() => feature)));
  const own = features.map(({ prior: each }) => each ?? null);
  const outputs = likelihoodOf(target.task).outputNames(target).length;
  const widths = [inputGroup.length, ...model.hidden, outputs];
  return {
    widths, ...(model.skip && shapeSources(skipGraph(widths))), activation: model.activation,
    gates: model.gates === 'auto' ? 'both' : model.gates, spike: prior.spike, task: target.task, inputGroup,
    inputGates: features.length, ...(own.some((each) => each !== null) && { inputPriors: own }),
  };
}
