/** Other ways to say what a key says, resolved into that key, which alone stands in a resolved config. */
import { spelledTask } from '../likelihood/index.js';
import { isMapping, type Mapping } from './check.js';
import type { Conflict } from './conflicts.js';

/** The section as sound sources have it. */
interface Data extends Mapping {
  target?: string | string[] | { time: string; event: string };
  task?: string;
  event?: string | null;
  noise?: string;
  transform?: string;
}

/** A config without them, which key each of them went into, and what contradicts them. */
export interface Spelled {
  config: Mapping;
  /** By the key that was written: the one that it says. */
  became: Record<string, string>;
  conflicts: Conflict[];
}

export function spelledOut(config: Mapping): Spelled {
  if (!isMapping(config.data)) return { config, became: {}, conflicts: [] };
  const { noise, transform, ...data } = config.data as Data;
  const [became, conflicts]: [Spelled['became'], Conflict[]] = [{}, []];
  const contradiction = (key: string, text: string, hint: string, other: string): void => {
    conflicts.push({ code: 'config.conflict', at: 'value', path: ['data', key], text, hint, others: [['data', other]] });
  };
  const { target, event } = data;
  if (isMapping(target)) {
    if (typeof event === 'string' && event !== target.event) {
      contradiction('event', `is ${event}, but the event of data.target is ${target.event}`, 'Leave data.event out.', 'target');
    }
    Object.assign(data, { target: target.time, event: target.event });
    became['data.target'] = 'data.event';
  }
  if (noise !== undefined && transform !== undefined) {
    contradiction('noise', `is ${noise}, but with data.transform the noise is normal`, 'Leave one of them out.', 'transform');
  }
  const said = data.task ?? 'auto';
  for (const [key, value] of Object.entries({ noise, transform })) {
    if (value === undefined) continue;
    const { task, beside } = spelledTask(key, value)!;
    if (!['auto', beside, task].includes(said)) {
      contradiction(key, `${key}: ${value} means the task ${task}, but data.task is ${said}`, 'Leave one of them out.', 'task');
    }
    data.task = task;
    became[`data.${key}`] = 'data.task';
  }
  return { config: { ...config, data }, became, conflicts };
}
