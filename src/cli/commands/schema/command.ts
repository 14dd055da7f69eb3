/** `bnnc schema`: the JSON Schema of the config. */
import { configJsonSchema } from '../../../config/schema.js';
import type { CliContext } from '../../context.js';

export async function run(_args: string[], _options: object, context: CliContext): Promise<void> {
  await context.terminal.result(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
}
