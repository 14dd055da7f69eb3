/**
 * The nouns that the stages hand to each other. Matrices are row-major `Float32Array`s; every shape is given beside its
 * field. Symbols are those of docs/method.md: mu, sigma (slab posterior), alpha (edge gate), z (node gate), tau (slab scale).
 */
export type { InputInclusion, InputSet, InputVerdict } from './inputs.js';
export type { TrainProgress } from './progress.js';

/**
 * What each likelihood keeps of its target column, by the name of the task: a number that is standardised, or class labels in a
 * fixed order (binary: levels[1] is the modelled class). A likelihood that is registered from elsewhere adds a member here.
 */
export interface Targets {
  regression: { name: string; task: 'regression'; mean: number; scale: number };
  binary: { name: string; task: 'binary'; levels: string[] };
  multiclass: { name: string; task: 'multiclass'; levels: string[] };
  /** Classes from the lowest to the highest, and the cut points between them. */
  ordinal: { name: string; task: 'ordinal'; levels: string[]; cuts: number[] };
  /** Counts; `rate` is how many there are in an exposure of 1 on the training rows. */
  counts: { name: string; task: 'counts'; rate: number };
  poisson: { name: string; task: 'poisson'; rate: number };
  /** Times to an event; `scale` is the geometric mean of the training rows. */
  weibull: { name: string; task: 'weibull'; scale: number };
  /** Positive numbers; mean and scale are those of their logarithms. */
  'log-regression': { name: string; task: 'log-regression'; mean: number; scale: number };
  student: { name: string; task: 'student'; mean: number; scale: number; degrees: number };
  varying: { name: string; task: 'varying'; mean: number; scale: number };
  'log-normal': { name: string; task: 'log-normal'; scale: number };
  /** Numbers in the order of the config; `noise`: variance of each, encoded, as a multiple of their common one. */
  several: { name: string; task: 'several'; targets: { name: string; mean: number; scale: number; noise: number }[] };
}

/** What is predicted, the name of the likelihood; and the target column, as its likelihood knows it. */
export type Task = keyof Targets;
export type Target = Targets[Task];
export type Gates = 'both' | 'node' | 'weight' | 'none';
/** A weight that is off is exactly zero (dirac), or has a narrow Gaussian as its prior (gaussian). */
export type Spike = 'dirac' | 'gaussian';
/** `xtanh` is a tanh(a), the even part of silu(2a) = a + a tanh(a). */
export type Activation = 'tanh' | 'relu' | 'silu' | 'sigmoid' | 'xtanh';

/** Row-major matrix of float32. */
export interface Matrix {
  rows: number;
  cols: number;
  data: Float32Array;
}

/** What is known of rows beside inputs and target; each field has a number for each row. */
export interface RowFacts {
  /** How much each row counts; absent: 1 each. */
  weights?: Float32Array;
  /** Rows of one group belong together. */
  groups?: Int32Array;
  /** When each row was: nothing is learnt from rows that are later than those it is judged by. */
  times?: Float64Array;
  /** Of counts: in how much time, or of how many, each was counted; absent: 1 each. */
  exposure?: Float32Array;
  /** Of times: 1 where the event was seen then, 0 where it had not come by then; absent: it was seen in all rows. */
  events?: Uint8Array;
  others?: readonly Float64Array[]; // of several targets those after the first, in their own units
}

/** What a likelihood takes of the targets, one row of numbers for each, and what is known of the rows. */
export interface Response extends Matrix, RowFacts {
  /** K: outputs of the network; absent: as many as numbers of a row. */
  outputs?: number;
}

/** In which order day, month and year stand in a date; one that begins with the year is `iso`. */
export type DateOrder = 'iso' | 'dayFirst' | 'monthFirst';

/** What an encoded column has of a date: days since 1970, the year, and places in cycles as the sine and cosine of an angle. */
export type DatePart = 'days' | 'year' | 'month sin' | 'month cos' | 'weekday sin' | 'weekday cos' | 'hour sin' | 'hour cos';

/** One column of the network's input. Encoded value = (raw - mean) / scale, raw being the number, or 1/0 for an indicator. */
export interface EncodedColumn {
  /** `Area`, `sex=male`, `age=missing`, `when=days`. */
  name: string;
  type: 'number' | 'level' | 'missing';
  /** What of a date the number is (`type: number`). */
  part?: DatePart | undefined;
  /** The level that an indicator column (`type: level`) stands for. */
  level?: string | undefined;
  mean: number;
  scale: number;
  /** Beyond so many scales from the mean an encoded value is squeezed (src/data/standardise.ts); of columns with wild cells. */
  clip?: number | undefined;
  /** Smallest and largest number on the training rows, wild ones left out (`type: number`). */
  range?: [number, number] | undefined;
}

/** A CSV column used as an input, or a group of them. All its encoded columns share one gate. */
export interface Feature {
  name: string;
  kind: 'numeric' | 'categorical' | 'date' | 'group';
  columns: EncodedColumn[];
  /** Of a group: its columns of the file; `columns` are theirs, one after the other. */
  members?: Feature[] | undefined;
  /** Prior probability of its gate where it has one of its own; 1: it is kept, whatever the rows say. */
  prior?: number | undefined;
  /** Numeric: what the number is where cells are no plain numbers: that before the sign, or the place in `levels`. */
  form?: 'percent' | 'ordinal' | undefined;
  /** Of dates; days are smallest and largest number of days since 1970 on the training rows. */
  dates?: { order: DateOrder; days: [number, number] } | undefined;
  /** Categorical: all levels of the training rows, sorted, also those without a column of their own. Ordinal: all, in order. */
  levels?: string[] | undefined;
  /** Categorical: the one of `levels` that stands for rare ones, and so for unseen ones. */
  shared?: string | undefined;
  /** Whether training rows had missing cells: then these are told apart from the average by a column of their own. */
  missing?: boolean | undefined;
}

/** How a table is written, as far as it is not as usual. */
export interface TableStyle {
  encoding?: 'utf-8' | 'latin1' | 'utf-16' | undefined;
  decimal?: ',' | undefined; // before the fraction of a number
  /** Between groups of three digits. */
  thousands?: ',' | '.' | ' ' | "'" | undefined;
  /** Whether `"` is a sign like any other. */
  quote?: 'none' | undefined;
  limits?: { line?: number; cell?: number; columns?: number; unpacked?: number | 'auto' } | undefined;
}

/** Everything fitted on training rows that turns a CSV row into network inputs. Plain JSON. */
export interface Encoder {
  schemaVersion: 1;
  /** Kept input features, in the order of the CSV columns. */
  features: Feature[];
  target: Target;
  /** Cells that count as missing (after trimming). */
  missing: string[];
  /** How targets are written where they are no plain numbers or classes: `12.5%` is the number 12.5. */
  targetForm?: 'percent' | undefined;
  /** How the table was written; tables to predict are read the same way. */
  style?: TableStyle | undefined;
  /** The column of `data.weights`: how much rows count in metrics. Tables to predict need none. */
  weights?: string | undefined;
  /** The column of `data.exposure`; where a table to predict has none, predictions are for an exposure of 1. */
  exposure?: string | undefined;
  /** The column of `data.event`. Tables to predict need none. */
  event?: string | undefined;
  /** Input columns left out, and why: `ignored in the config`, `constant`, `all missing`, `identifier-like`, `pruned`, ... */
  dropped: { name: string; reason: string }[];
}

/** Encoded rows. `y`: n numbers, standardised as their likelihood says, or n class indices; of several targets the first. */
export interface Dataset extends RowFacts {
  /** n x d, d = number of encoded columns. */
  x: Matrix;
  /** n; absent when the file has no target column (prediction). */
  y?: Float32Array;
}

/** Rows with their targets. */
export type LabelledDataset = Dataset & Required<Pick<Dataset, 'y'>>;

/** Rows of the data file that each part of a split has; they count from 0. */
export type Splits = Record<'train' | 'validation' | 'test', Int32Array>;

/** The variational posterior of one layer with d inputs and k outputs; plain arrays, as stored and as read back. */
export interface LayerPosterior {
  inputs: number;
  outputs: number;
  /**
   * d: what the rows of the matrices are, as ascending places in the list of all sources (model/graph.ts, which alone reads
   * this); absent where they are all units of the layer before.
   */
  sources?: Int32Array;
  /** d x k: mean and standard deviation of the weight given that its gates are on. */
  mu: Float32Array;
  sigma: Float32Array;
  /** d x k: probability that the edge's own gate is on (all ones without weight gates). */
  alpha: Float32Array;
  /** k: mean and standard deviation of the biases. */
  biasMu: Float32Array;
  biasSigma: Float32Array;
  /** Of the rows that come from the last tier that the layer reads: of all rows of a plain layer. */
  prior: BlockPrior;
  /** Of the rows before them, tier by tier; absent where there are none. */
  earlier?: RowsPrior[];
}

/** Prior of a block of edges: probability of an edge gate (of the slab), standard deviations of slab and Gaussian spike. */
export interface BlockPrior {
  edge: number;
  tau: number;
  spike?: number;
}

/** That of so many rows of a layer's matrix. */
export interface RowsPrior extends BlockPrior {
  rows: number;
}

/** The gates of the units of one hidden layer. A gate acts on every edge that leads on from its unit, in whatever layer. */
export interface SourceGates {
  /** Probability that each gate is on (all ones without node gates). */
  z: Float32Array;
  /** The prior probability of each. */
  prior: number;
  own?: OwnPriors | undefined;
}

/** By gate, prior probabilities of those that have one of their own, else null; 1: held open, and no PIP is claimed for it. */
export type OwnPriors = readonly (number | null)[];

/** The gates of the inputs, one per feature. */
export interface InputGates extends SourceGates {
  /** d_0: the gate (feature) that an encoded input column belongs to. */
  group: Int32Array;
}

/** Weak effects beside a network: its outputs are share x network + X weight + bias. */
export interface Background {
  /** d_0 x K. */
  weight: Float32Array;
  /** K. */
  bias: Float32Array;
  /** In [0, 1]. */
  share: number;
}

/** Networks of the search over structures, one after the other, each one's weights in the order of search/layout.ts: (31). */
export interface NetworkList {
  /** M + 1: where the weights of each begin. */
  from: Int32Array;
  /** What each weight is: BIAS, SKIP, UNIT_BIAS, EDGE or OUT of search/layout.ts. */
  kind: Int32Array;
  /** Encoded column of a skip or an edge, else -1. */
  column: Int32Array;
  /** Unit of an edge, of its bias or of its weight to an output, counted within its network; else -1. */
  unit: Int32Array;
  /** Output of a bias, a skip or a weight to an output, else -1. */
  output: Int32Array;
  weight: Float32Array;
}

/** The average over structures that a search found. Predictions of its posterior are the average over `draws`. */
export interface StructureAverage {
  /** At their modes, by descending share of the average. */
  structures: NetworkList & { share: Float64Array };
  /** Equally probable; `noiseVariance` as in {@link Posterior}. */
  draws: NetworkList & { noiseVariance: Float64Array };
}

/** The whole variational posterior. */
export interface Posterior {
  task: Task;
  activation: Activation;
  gates: Gates;
  inputs: InputGates;
  /** Per hidden layer. */
  units: SourceGates[];
  layers: LayerPosterior[];
  /** Observation variance on the standardised target; 1 where the likelihood has none. */
  noiseVariance: number;
  /** What weak effects add to predictions of the whole posterior; no part of the ELBO, the PIPs or a pruned network. */
  background?: Background;
  /** What the search over structures found; absent without a search. Predictions of the whole posterior average over it. */
  average?: StructureAverage;
}

/** One dense layer of a compressed network: only living rows and columns. */
export interface CompressedLayer {
  inputs: number;
  outputs: number;
  /** What the rows are, if not all units of the layer before; as in {@link LayerPosterior}, and read by model/graph.ts alone. */
  sources?: Int32Array;
  /** inputs x outputs: posterior mean of kept weights, 0 where a single weight was pruned. */
  weight: Float32Array;
  /** inputs x outputs: posterior standard deviation of kept weights, 0 where pruned. */
  weightSd: Float32Array;
  bias: Float32Array;
  biasSd: Float32Array;
  /** Names of the outputs' units in the original network (`h1.7`), so that reports can point back. */
  units: string[];
}

/** The pruned, physically smaller network with its encoder: what `prune` exports and `predict` runs. */
export interface CompressedModel {
  task: Task;
  activation: Activation;
  /** Only the kept features and, of those, only the kept encoded columns; the order is the order of the network's inputs. */
  encoder: Encoder;
  layers: CompressedLayer[];
  noiseVariance: number;
  /** PIP of each kept input feature, in the encoder's order. */
  inputPips: number[];
  threshold: number;
  /**
   * Two classes: from which probability on the second is predicted for the highest balanced accuracy on the training rows; absent
   * where these were not to be had.
   */
  decisionThreshold?: number;
  /** Steps of fine-tuning after the cut; absent when the weights are those of the posterior. */
  fineTuned?: number;
  /** Largest error of a weight in its posterior standard deviations; absent when weights are as they were found. */
  quantized?: number;
}
