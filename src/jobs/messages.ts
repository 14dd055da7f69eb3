/** What the processes say to each other. */

import type { Fault } from './fault.js';

/** To a worker. */
export type Order = { kind: string; task: object } | 'stop';

/** From a worker. A task's result or failure ends it, and the worker may be given the next one. */
export type Report =
  | { of: 'ready'; value: unknown }
  | { of: 'notice'; value: unknown }
  | { of: 'result'; value: unknown }
  | { of: 'fault'; fault: Fault };
