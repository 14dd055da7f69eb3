import { BnncError } from '../../../src/errors.js';
import { errorOnCommandLine } from '../../helpers/command-line.js';

/** The text a person would read when `action` fails; fails itself if it does not. */
export async function renderError(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (error instanceof BnncError) return errorOnCommandLine(error);
    throw error;
  }
  throw new Error('expected a failure');
}
