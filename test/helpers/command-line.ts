/** Failures as the command line words them. */

import { problemText, type BnncError, type Problem } from '../../src/errors.js';
import { CLI } from '../../src/cli/voice.js';
import type { Words } from '../../src/voice.js';

export const onCommandLine = (problem: Problem<Words>): string => problemText(problem, CLI);

/** All problems of a failure, one a line. */
export const errorOnCommandLine = (error: unknown): string => (error as BnncError).said.map(onCommandLine).join('\n');
