/** Global set-up of vitest: the tests of the command line run bin/bnnc.js, hence dist must be that of the sources. */

import path from 'node:path';
import { build } from './build.mjs';
import { withLock } from './lock.mjs';
import { ROOT } from './run.mjs';

export default async function prepare() {
  await withLock(path.join(ROOT, '.cache', 'setup.lock'), () => build({ check: false }));
}
