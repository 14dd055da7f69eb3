/** Entry of the worker processes of a training run. What is imported here, every worker loads: the engine and the tasks. */

import { startEngine, type EnginePreference } from '../engine/backend.js';
import { serve } from '../run/parallel/serve.js';
import { performers, type TrainTasks } from '../run/parallel/tasks.js';

serve<TrainTasks, EnginePreference>(process, (prefer) => startEngine({ prefer }), performers);
