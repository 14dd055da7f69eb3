/** What the registry keeps, in a file that the bundle of `bnnc/model` shares with the other entries. */
import type { Likelihood } from './types.js';

/** By task, in the order of registration. */
export const registered = new Map<string, Likelihood>();
