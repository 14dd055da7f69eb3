import { renderProblem } from '../../../src/errors.js';
import { problemsOf } from './sources.js';

/** The text a person would read when `action` fails. */
export async function renderError(action: () => unknown): Promise<string> {
  return (await problemsOf(action)).map(renderProblem).join('\n');
}

