/** `bnnc explain`: what a word of the program or a config key means. */
import { explain, glossary, type ExplainedKey, type GlossaryEntry } from '../../../api/explain.js';
import { documentText } from '../../../api/output.js';
import type { ExplainFlags } from '../../../api/options/look.js';
import type { CliContext } from '../../context.js';
import { wrapped } from '../../../text/sets.js';

const WIDTH = 80;

export async function run(args: string[], { json }: ExplainFlags, { terminal }: CliContext): Promise<void> {
  if (args.length === 0) return terminal.result(json ? documentText({ words: glossary() }) : listText());
  const found = explain(args.join(' '));
  await terminal.result(json ? documentText(found) : 'key' in found ? keyText(found) : wordText(found));
}

/** Every word with the first sentence of its meaning, on a line that fits. */
function listText(): string {
  const words = glossary();
  const width = Math.max(...words.map(({ word }) => word.length));
  const lines = words.flatMap(({ word, text }) => {
    const [first] = text.split(/(?<=[.])\s/);
    return wrapped(first, WIDTH - width - 2).map((line, at) => `${(at === 0 ? word : '').padEnd(width)}  ${line.trim()}`);
  });
  const more = wrapped('bnnc explain WORD says more; config keys, such as train.restarts, are explained, too.', WIDTH);
  return [...lines, '', ...more, ''].join('\n');
}

const wordText = ({ word, also, text, see }: GlossaryEntry): string => [
  word, ...wrapped(text, WIDTH),
  ...(also.length > 0 ? wrapped(`Also: ${also.join(', ')}.`, WIDTH) : []),
  ...(see.length > 0 ? wrapped(`See: ${see.join(', ')}.`, WIDTH) : []), '',
].join('\n');

function keyText({ key, text, accepts, default: standard }: ExplainedKey): string {
  const facts = standard === undefined ? `Accepts ${accepts}.` : `Accepts ${accepts}. Default: ${JSON.stringify(standard)}.`;
  return [key, ...wrapped(text, WIDTH), ...wrapped(facts, WIDTH), ''].join('\n');
}
