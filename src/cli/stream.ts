/** What can be known of a stream, and writing to it, without loading anything: help is written with this alone. */

/** Writes exact text and waits until it is taken; rejects with EPIPE when the reader has gone. */
export function writeText(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (text === '') return resolve();
    stream.write(text, (error?: Error | null) => (error ? reject(error) : resolve()));
  });
}

/** Whether a stream is a terminal that a person looks at. */
export function isTerminal(stream: NodeJS.WritableStream | NodeJS.ReadableStream): boolean {
  return (stream as { isTTY?: boolean }).isTTY === true;
}

/** Chalk's colour level. As in Node itself, FORCE_COLOR overrides NO_COLOR, and both override what the terminal is. */
export function colourLevel(env: NodeJS.ProcessEnv, terminal: boolean): 0 | 1 | 2 | 3 {
  const force = env.FORCE_COLOR;
  if (force !== undefined) {
    if (force === 'false') return 0;
    if (/^[0-3]$/.test(force)) return Number(force) as 0 | 1 | 2 | 3;
    return 1;
  }
  if (env.NO_COLOR || !terminal || env.TERM === 'dumb') return 0;
  if (/^(truecolor|24bit)$/.test(env.COLORTERM ?? '')) return 3;
  return env.TERM?.includes('256color') ? 2 : 1;
}
