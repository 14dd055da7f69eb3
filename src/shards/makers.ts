/** Who made results, and what that may change. */
import { availableParallelism, cpus } from 'node:os';
import type { Workers } from '../work/workers.js';
import type { Maker } from './part.js';
import type { Plan } from './plan.js';

/** This process, as the results name it. */
export function makerOf({ engine: { name, threads } }: Workers): Maker {
  return { engine: name, threads, processor: cpus()[0]?.model.trim() ?? `${availableParallelism()} cores` };
}

/** What makes that digits may differ from those of one machine. */
export function differences({ engine }: Pick<Plan, 'engine'>, makers: readonly Maker[]): string[] {
  const all = (of: (maker: Maker) => string | number): string[] => [...new Set(makers.map((maker) => String(of(maker))))];
  const named = (what: string, values: readonly string[]): string[] =>
    (values.length < 2 ? [] : [`the results come from several ${what} (${values.join('; ')}), so the last digits may differ from those of one machine`]);
  return [
    ...named('engines', all((maker) => maker.engine)), ...named('numbers of threads', all((maker) => maker.threads)),
    ...named('processors', all((maker) => maker.processor)),
    ...(makers.every((maker) => maker.engine === engine.name) ? [] : [`the plan was made for the engine ${engine.name}`]),
  ];
}
