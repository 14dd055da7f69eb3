/** What lasts through a power cut. */

import { open } from 'node:fs/promises';
import { systemCode } from './refusals.js';

/** Makes the names in a folder last through a power cut; systems that cannot sync a folder are left alone. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'EBADF', 'ENOTSUP'].includes(systemCode(error))) throw error;
  }
}
