/** `bnnc validate`: checks the config, then the data against it, without training. */

import { configText } from '../../../api/config.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText } from '../../../api/output.js';
import { VALIDATE, type ValidateFlags } from '../../../api/options/prepare.js';
import { validate, type Validation } from '../../../api/validate.js';
import { targetWords } from '../../../text/likelihood-words.js';
import { plural } from '../../../wording.js';
import type { CliContext } from '../../context.js';
import { heard } from '../../voice.js';

/**
 * Prints one line that says what was found, or with `--print` the resolved config.
 * @throws config.*, data.*
 */
export async function run(_args: string[], flags: ValidateFlags, { cwd, stdin, terminal }: CliContext): Promise<void> {
  const options = { ...forLibrary(VALIDATE, flags), cwd, stdin };
  // Before the data is read: whoever asks where a value comes from may be looking for the wrong path.
  if (flags.print) {
    const sources = { default: 'default', file: flags.config ?? '', object: '', set: '--set', flag: 'flag' };
    await terminal.result(await configText(options, sources));
  }
  const found = await validate({ ...options, onNote: heard(terminal.note) });
  const facts = factsText(found);
  if (flags.json) await terminal.result(documentText(found));
  else if (flags.print) terminal.note(facts);
  else await terminal.result(`${facts}\n`);
}

function factsText({ data, rows, splits: { train, validation, test }, inputs, columns, target }: Validation): string {
  const encoded = columns === inputs ? '' : ` (${columns} encoded columns)`;
  const parts = `${train} train, ${validation} validation, ${test} test`;
  return `ok: ${data}: ${rows} rows (${parts}), ${plural(inputs, 'input')}${encoded}, ${targetWords(target)}`;
}
