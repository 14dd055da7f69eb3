/** Which process is at work somewhere, and whether it still lives. */

import { hostname } from 'node:os';
import { kill, pid } from 'node:process';

export interface Owner {
  host: string;
  pid: number;
}

/** This process. */
export const self = (): Owner => ({ host: hostname(), pid });

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
