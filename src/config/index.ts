export { closest } from '../suggest.js';
export { configJsonSchema, configSchema, type Config, type ConfigInput, type JsonSchema } from './schema.js';
export { parseFullConfig, resolveConfig, type Origin, type Resolved, type ResolveOptions } from './resolve.js';
export type { FlagValues } from './sources.js';
export { stringifyConfig, stringifyConfigJson, type PartialConfig, type TextOptions } from './stringify.js';
export { configTemplate, type TemplateColumn, type TemplateFacts } from './template.js';
