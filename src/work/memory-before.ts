/** Whether a file may be too large for the memory, before it is read. */
import type { Resolved } from '../config/resolve.js';
import { roughSize } from '../data/table-size.js';
import { tableSource } from '../data/index.js';
import { heldCount, isLarge } from './large.js';
import { checkMemory, memoryNeeded, type MemoryLimit, type MemoryShape } from './memory.js';
import type { Jobs } from './workers.js';

/** Bytes of memory that a byte of a file may need, at most: of cells of one digit. */
const AT_MOST = 40;
/** Parameters of the posterior for each weight of the network. */
const EACH = 3;

/**
 * By the length of the file and its first rows. What is not sure of that is looked at once the table is there.
 * @param whole whether even a large table is held as a whole
 * @throws training.memory; what reading the first rows throws
 */
export async function checkMemoryBefore(
  { config: { data, model }, dataName }: Pick<Resolved, 'config' | 'dataName'>, { limit, free }: MemoryLimit, asked: Jobs = 'auto',
  { whole = false } = {},
): Promise<void> {
  if (limit === undefined || data.path === '-') return;
  const source = tableSource(data.path, dataName, data.query);
  const size = await roughSize(source, data, limit / AT_MOST);
  if (!size) return;
  const widths = [size.encoded, ...model.hidden, 1];
  const trainRows = Math.round(size.rows * (1 - data.split.validation - data.split.test));
  const large = !whole && isLarge(trainRows, size.encoded);
  const shape: MemoryShape = {
    ...size, outputs: 1, trainRows: large ? heldCount(trainRows, size.encoded) : trainRows, large,
    parameters: EACH * widths.slice(1).reduce((sum, width, l) => sum + width * widths[l], 0),
  };
  const jobs = asked === 'auto' ? 1 : asked;
  checkMemory({ needed: memoryNeeded(shape, jobs), limit, free, jobs }, shape, { file: dataName, about: true });
}
