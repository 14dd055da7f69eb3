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
  const group = async (rows: WrittenRow[]): Promise<Uint8Array> => {
    const columnData = columns.map(({ name }, at) => ({ name, data: rows.map((row) => row[at]) }));
    await parquet.write({ columnData, rowGroupSize: GROUP });
    return taken();
  };
  let rows: WrittenRow[] = [];
  for await (const batch of batches) {
    for (const row of batch) rows.push(row);
    if (rows.length < GROUP) continue;
    yield await group(rows.slice(0, GROUP));
    rows = rows.slice(GROUP);
  }
  if (rows.length > 0) yield await group(rows);
  await parquet.finish();
  yield taken();
}
