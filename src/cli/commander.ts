/**
 * The parts of commander that are used. It is CommonJS: `require` loads it at once, where `import` would first search its
 * text for the names that it exports. `bnnc --help` is mostly loading.
 */
import { createRequire } from 'node:module';
import type * as Commander from 'commander';

export const { Command, CommanderError, InvalidArgumentError, Option } =
  createRequire(import.meta.url)('commander') as typeof Commander;
export type Command = Commander.Command;
export type Option = Commander.Option;
