/** The predictive distribution of a compressed model, in the same form as that of a whole posterior. */
import type { Stream } from '../../random.js';
import type { CompressedModel, Encoder, Matrix } from '../../types.js';
import { compressedOutputs, drawModel, compressedGraph } from './compressed.js';
import type { OutputDraws } from '../../likelihood/index.js';

/** The posterior mean network alone: one "draw". This is what the exported formats compute. */
export const meanOutputs = (model: CompressedModel, x: Matrix): OutputDraws => outputsOf([model], x);

/** Draws of weights and biases with the gates fixed on, made once and run on any number of rows. */
export class CompressedPredictor {
  private readonly networks: CompressedModel[];

  constructor(model: CompressedModel, draws: number, stream: Stream) {
    this.networks = Array.from({ length: draws }, (_, s) => drawModel(model, stream.split('draw', s)));
  }

  /** Network outputs of every draw on x [n, d], d being the columns of the model's own encoder. */
  outputs(x: Matrix): OutputDraws {
    return outputsOf(this.networks, x);
  }
}

function outputsOf(networks: CompressedModel[], x: Matrix): OutputDraws {
  const { task, noiseVariance, layers } = networks[0];
  const outputs = layers[layers.length - 1].outputs;
  const values = new Float32Array(networks.length * x.rows * outputs);
  const graph = compressedGraph(networks[0]);
  networks.forEach((network, s) => values.set(compressedOutputs(network, x, graph), s * x.rows * outputs));
  return { task, draws: networks.length, rows: x.rows, outputs, values, noiseVariance };
}

const columnNames = ({ features }: Encoder): string[] => features.flatMap((feature) => feature.columns.map(({ name }) => `${feature.name}\0${name}`));

/** Where the columns of `part` are among those of `whole`. */
export function columnPlaces(whole: Encoder, part: Encoder): number[] {
  const places = new Map(columnNames(whole).map((name, at) => [name, at]));
  return columnNames(part).map((name) => places.get(name)!);
}

/** A function that takes the columns of `part` out of rows encoded by `whole`. */
export function columnSubset(whole: Encoder, part: Encoder): (x: Matrix) => Matrix {
  const columns = columnPlaces(whole, part);
  return ({ rows, cols, data }) => {
    const taken = new Float32Array(rows * columns.length);
    for (let n = 0; n < rows; n++) columns.forEach((from, to) => { taken[n * columns.length + to] = data[n * cols + from]; });
    return { rows, cols: columns.length, data: taken };
  };
}
