/** Parquet out. */

import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { WrittenColumn, WrittenRow } from './write-csv.js';

/** Rows of a row group: as many are held until they are written. */
const GROUP = 65_536;

const element = ({ name, type }: WrittenColumn): SchemaElement => ({
  name, repetition_type: 'REQUIRED', ...(type === 'text' ? { type: 'BYTE_ARRAY', converted_type: 'UTF8' } : { type: 'DOUBLE' }),
});

/** The bytes of a file, a row group at a time. @throws (while iterating) what `batches` throws */
export async function* parquetPieces(
  columns: readonly WrittenColumn[], batches: AsyncIterable<readonly WrittenRow[]>,
): AsyncGenerator<Uint8Array, void, void> {
  const writer = new ByteWriter();
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.map(element)];
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'bnnc' });
  const taken = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  // By columns: so many rows, each an array of its own, would be most of the memory that `predict` takes.
  let held = 0;
  const data = columns.map(({ type }) => (type === 'text' ? new Array<string>(GROUP) : new Float64Array(GROUP)));
  const group = async (): Promise<Uint8Array> => {
    const columnData = columns.map(({ name }, at) => ({ name, data: held === GROUP ? data[at] : data[at].slice(0, held) }));
    await parquet.write({ columnData, rowGroupSize: GROUP });
    held = 0;
    return taken();
  };
  for await (const batch of batches) {
    for (const row of batch) {
      data.forEach((column, at) => { column[held] = row[at]; });
      if (++held === GROUP) yield await group();
    }
  }
  if (held > 0) yield await group();
  await parquet.finish();
  yield taken();
}
