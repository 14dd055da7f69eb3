/** Entry of the worker threads of a training run. What is imported here, every worker loads: the engine and the tasks. */

import { startEngine, type EnginePreference } from '../../engine/backend.js';
import { serve } from './serve.js';
import { performers, type TrainTasks } from './tasks.js';

serve<TrainTasks, EnginePreference>((prefer) => startEngine({ prefer }), performers);
