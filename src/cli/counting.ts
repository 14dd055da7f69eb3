/** Now and then, how many of many things are done, and how long the rest will take. */
import type { CliContext } from './context.js';
import { duration } from './eta.js';

const SECONDS_BETWEEN_LINES = 5;

/** @param what they are called, such as `tables` */
export function counting(what: string, { terminal }: Pick<CliContext, 'terminal'>): (done: number, of: number) => void {
  const begun = Date.now();
  let spoken = begun;
  return (done, of) => {
    const now = Date.now();
    if (now - spoken < SECONDS_BETWEEN_LINES * 1000 || done === of) return;
    spoken = now;
    terminal.note(`${done} of ${of} ${what}, ${duration(Math.round(((now - begun) / done / 1000) * (of - done)))} left`);
  };
}
