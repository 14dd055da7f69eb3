/** Which tensor engine is wished for, without loading one. */

import { fail } from '../errors.js';

/** `auto`: native where it can be loaded, else WebAssembly. */
export type EnginePreference = 'auto' | 'native' | 'wasm';

const PREFERENCES: readonly string[] = ['auto', 'native', 'wasm'] satisfies EnginePreference[];

/**
 * Checks the value of the environment variable BNNC_ENGINE; unset or empty means `auto`.
 * @throws usage.engine when it is none of `auto`, `native`, `wasm`
 */
export function enginePreference(value: string | undefined): EnginePreference {
  if (!value) return 'auto';
  if (PREFERENCES.includes(value)) return value as EnginePreference;
  throw fail('usage.engine', `BNNC_ENGINE: unknown engine '${value}'`, { hint: `Use one of ${PREFERENCES.join(', ')}.` });
}
