/** Entry of the worker processes of a training run. What is imported here, every worker loads: the engine and the tasks. */

import { startEngine } from '../engine/backend.js';
import type { EnginePreference } from '../engine/preference.js';
import { serve } from '../jobs/serve.js';
import { handlers, type AllTasks } from './handlers.js';

serve<AllTasks, EnginePreference>(process, (prefer) => startEngine({ prefer }), handlers);
