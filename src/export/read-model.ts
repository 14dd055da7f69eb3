/** Reads a model in whichever of the forms it was saved. */
import type { CompressedModel } from '../types.js';
import { readJsonModel } from './json/json.js';
import { readSafetensorsModel } from './safetensors/model.js';

/**
 * A model.json or model.safetensors, told apart by their bytes.
 *
 * @param file what errors call it.
 * @throws the errors of `readJsonModel` and `readSafetensorsModel`.
 */
export function readModel(bytes: Uint8Array, file: string): CompressedModel {
  // The length of a safetensors header has zeros among its 8 bytes, which no JSON text has.
  return bytes.subarray(0, 8).includes(0) ? readSafetensorsModel(bytes, file) : readJsonModel(bytes, file);
}
