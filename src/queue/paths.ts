/** Whether something lies in a folder. */
import { isAbsolute } from 'node:path';

/** Whether a path that begins at a folder leads out of it; on another disk it is absolute. */
export const leavesFolder = (path: string): boolean => isAbsolute(path) || /^\.\.($|[\\/])/.test(path);
