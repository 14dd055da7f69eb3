/** A column of whole numbers may be meant as classes or as an amount: a rating, a count. */
import { classesOf, defaultTask } from '../likelihood/index.js';
import type { Config } from '../config/schema.js';
import { parseNumber } from '../data/number.js';
import type { Encoder } from '../types.js';
import { key, words, type Words } from '../voice.js';

/**
 * What to tell a person whose target has few whole numbers, which were taken for classes without being asked to.
 * @returns undefined where nobody can be surprised: another target, two classes, or the config says what it is
 */
export function codedClasses({ target }: Pick<Encoder, 'target'>, { task, columns }: Pick<Config['data'], 'task' | 'columns'>):
  Words | undefined {
  const { name } = target;
  const levels = classesOf(target) ?? [];
  if (task !== 'auto' || levels.length < 3 || columns[name]?.kind === 'categorical') return undefined;
  if (levels.some((level) => Number.isNaN(parseNumber(level)))) return undefined;
  const range = `${levels[0]} to ${levels[levels.length - 1]}`;
  const numbers = key('data.task', defaultTask());
  return words`the numbers ${range} of '${name}' are read as ${levels.length} classes; ${numbers} reads them as amounts`;
}
