/** The config itself: what its sources amount to, which files it names, and its schema. */

import { configJsonSchema } from '../config/schema.js';
import type { Origin } from '../config/resolve.js';
import { stringifyConfig } from '../config/stringify.js';
import { json } from '../store/files.js';
import { folderOf } from './environment.js';
import type { CommonOptions, ConfigOptions } from './options/shared.js';
import { learningData } from './learning-data.js';

/** The resolved config as YAML, each value with where it comes from, in the words of `sources`. @throws config.* */
export async function configText(options: ConfigOptions & CommonOptions, sources: Record<Origin, string>): Promise<string> {
  const { resolved: { config, origins } } = await learningData(options, folderOf(options));
  return stringifyConfig(config, { docs: 'none', remark: (key) => sources[origins[key]] });
}

/** The data file that a config means; `-` is stdin. @throws config.* */
export const dataPath = async (options: ConfigOptions & CommonOptions): Promise<string> =>
  (await learningData(options, folderOf(options))).resolved.config.data.path;

/** The JSON Schema of the config. */
export const schemaText = (): string => json(configJsonSchema());
