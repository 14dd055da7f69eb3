/** `bnnc init`: looks at a CSV file and writes a commented config for it. */

import { init, SCHEMA_FILE } from '../../../api/init.js';
import { documentText } from '../../../api/output.js';
import { INIT, type InitFlags } from '../../../api/options/prepare.js';
import { forLibrary } from '../../../api/options/table.js';
import type { CliContext } from '../../context.js';
import { heard } from '../../voice.js';

/** @param args the CSV file, or '-' for stdin */
export async function run([data]: string[], flags: InitFlags, { cwd, stdin, terminal }: CliContext): Promise<void> {
  const options = { ...forLibrary(INIT, flags), cwd, stdin, onWarning: heard(terminal.warn) };
  const { text, schemaBeside, summary } = await init(data, options);
  const place = flags.json ? documentText({ config: flags.out, data, target: flags.target, summary }) : `${flags.out}\n`;
  await terminal.result(flags.out === '-' ? text : place);
  if (flags.out === '-' && schemaBeside) terminal.note(`For editors, write the schema beside the config: bnnc schema > ${SCHEMA_FILE}`);
  terminal.note(summary);
}
