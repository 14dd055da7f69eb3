/** Which process is at work somewhere, and whether it still lives. */

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { geteuid, kill, pid } from 'node:process';

export interface Owner {
  host: string;
  pid: number;
}

/** This process. */
export const self = (): Owner => ({ host: hostname(), pid });

/** The host in a name: four digits of its hash. */
export const hostMark = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 4);

/** Whether the process lives; undefined when it ran on another host, of which nothing can be known. */
export function isAlive(owner: Owner): boolean | undefined {
  if (owner.host !== hostname()) return undefined;
  try {
    kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it lives, and belongs to somebody else
  }
}

/** Whether a file with this `uid` belongs to the user of this process; on Windows all have the same. */
export const isOurs = (uid: number): boolean => uid === (geteuid?.() ?? 0);
