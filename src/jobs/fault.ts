/** Errors on their way from one process to another, where classes and most fields of an error are lost. */

import { BnncError, type Problem } from '../errors.js';
import type { Words } from '../voice.js';

/** An error as plain data. */
export type Fault =
  | { problems: readonly Problem<Words>[]; cause?: Fault }
  | { name: string; message: string; stack?: string | undefined; system: SystemFields };

/** What a system error says of itself besides its message. */
type SystemFields = Pick<NodeJS.ErrnoException, 'code' | 'errno' | 'syscall' | 'path'>;

/** The error as data; whatever else was thrown becomes the message of one. */
export function toFault(error: unknown): Fault {
  if (error instanceof BnncError) {
    return { problems: error.said, ...(error.cause !== undefined && { cause: toFault(error.cause) }) };
  }
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), system: {} };
  const { name, message, stack } = error;
  const { code, errno, syscall, path } = error as NodeJS.ErrnoException;
  return { name, message, stack, system: { code, errno, syscall, path } };
}

/** The error that {@link toFault} was given: the same problems, or the same message, stack and fields of the system. */
export function fromFault(fault: Fault): Error {
  if ('problems' in fault) return new BnncError(fault.problems, { cause: fault.cause && fromFault(fault.cause) });
  const { name, message, stack, system } = fault;
  const known = Object.fromEntries(Object.entries(system).filter(([, value]) => value !== undefined));
  return Object.assign(new Error(message), { name, stack }, known);
}
