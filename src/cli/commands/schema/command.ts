/** `bnnc schema`: the JSON Schema of the config. */
import { schemaText } from '../../../api/config.js';
import type { CliContext } from '../../context.js';

export async function run(_args: string[], _options: object, context: CliContext): Promise<void> {
  await context.terminal.result(schemaText());
}
