/** Terminal sessions in Markdown: commands after `$ `, below each what it prints. */

export interface Step {
  command: string;
  /** Lines as shown; `…` stands for any number of lines. */
  shown: string[];
}

/** Content of the fenced blocks of a language. */
export function fencedBlocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^```(\S+)\n([^]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , text]) => text);
}

/** The steps of all `console` blocks, in order. */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  for (const block of fencedBlocks(markdown, 'console')) {
    for (const line of block.replace(/\n$/, '').split('\n')) {
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), shown: [] });
      else steps.at(-1)!.shown.push(line);
    }
  }
  return steps;
}

const NUMBER = /-?\d+(?:,\d{3})*(?:\.\d+)?/g;

/**
 * Whether two lines say the same: equal but for numbers with a decimal point, which may differ by 0.1 or by a tenth. Training
 * magnifies the last bit of a sum, and that depends on the processor. Spaces count once: a wider number moves a column.
 */
export function sameLine(shown: string, printed: string): boolean {
  const frame = (line: string): string =>
    line.replace(NUMBER, (text) => (text.includes('.') ? '#' : text)).replace(/ +/g, ' ').trimEnd();
  if (frame(shown) !== frame(printed)) return false;
  const decimals = (line: string): number[] =>
    (line.match(NUMBER) ?? []).filter((text) => text.includes('.')).map((text) => Number(text.replaceAll(',', '')));
  const found = decimals(printed);
  return decimals(shown).every((value, n) => Math.abs(value - found[n]) <= Math.max(0.1, 0.1 * Math.abs(value)));
}

/** Whether the printed lines are those shown, all of them but where `…` stands. */
export function matches(shown: readonly string[], printed: readonly string[]): boolean {
  if (shown.length === 0) return printed.length === 0;
  const [first, ...rest] = shown;
  if (first !== '…') return printed.length > 0 && sameLine(first, printed[0]) && matches(rest, printed.slice(1));
  const skips = Array.from({ length: printed.length + 1 }, (_, lines) => lines);
  return skips.some((lines) => matches(rest, printed.slice(lines)));
}
