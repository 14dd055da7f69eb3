/** Entry of a pool's workers whose tasks are small and odd. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fail } from '../../dist/errors.js';
import { serve } from '../../dist/jobs/serve.js';

serve(process, async ({ refuse }) => {
  if (refuse) throw fail('usage.engine', 'not prepared', { hint: 'Prepare it.' });
  return 'prepared';
}, {
  double: async ({ value }, { onNotice }) => {
    onNotice(`doubling ${value}`);
    return 2 * value;
  },
  untilStopped: async (_, { signal, onNotice }) => {
    onNotice('begun');
    while (!signal.aborted) await nextTurn();
    return 'stopped';
  },
  fail: async () => {
    throw fail('training.non-finite', 'no number', { hint: 'Mend it.', where: { file: 'a.csv', line: 3 } });
  },
  systemError: async () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write', path: '/x' });
  },
  die: async () => process.exit(7),
});
