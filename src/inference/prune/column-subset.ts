/** Encoded columns of a compressed model among those of the run it came from. */
import type { Encoder, Matrix } from '../../types.js';

const columnNames = ({ features }: Encoder): string[] => features.flatMap((feature) => feature.columns.map(({ name }) => `${feature.name}\0${name}`));

/** A function that takes the columns of `part` out of rows encoded by `whole`. */
export function columnSubset(whole: Encoder, part: Encoder): (x: Matrix) => Matrix {
  const places = new Map(columnNames(whole).map((name, at) => [name, at]));
  const columns = columnNames(part).map((name) => places.get(name)!);
  return ({ rows, cols, data }) => {
    const taken = new Float32Array(rows * columns.length);
    for (let n = 0; n < rows; n++) columns.forEach((from, to) => { taken[n * columns.length + to] = data[n * cols + from]; });
    return { rows, cols: columns.length, data: taken };
  };
}
