/** The mark of a folder in which bnnc has begun a run: it is there from the first file on, and goes when the run is complete. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainFile } from '../special-file.js';
import { programVersion } from '../version.js';
import { json } from './files.js';

export const BEGUN_FILE = '.bnnc.begun';

/** @throws the system's error */
export const markBegun = (folder: string): Promise<void> => writeFile(join(folder, BEGUN_FILE), json({ bnnc: programVersion() }));

/** Whatever became of the program, and of its lock. */
export const isBegun = (folder: string): Promise<boolean> =>
  readPlainFile(join(folder, BEGUN_FILE), 'utf8').then((text) => /"bnnc":\s*"/.test(text), () => false);

/** Never fails: a mark that stays does no harm. */
export const unmarkBegun = (folder: string): Promise<void> => rm(join(folder, BEGUN_FILE), { force: true }).catch(() => {});
