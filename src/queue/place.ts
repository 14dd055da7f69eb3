/** Where a queue is: the URL of a server of Redis or Valkey, whose password nobody is shown. */
import { fail } from '../errors.js';
import { option, words } from '../voice.js';

export interface Place {
  /** With the password. */
  url: string;
  /** Without it, for people. */
  shown: string;
  /** What no text may contain. */
  secrets: readonly string[];
}

const EXAMPLE = 'redis://localhost:6379';

/**
 * @param text `redis://user:password@host:port/database`, or `rediss://` with TLS
 * @param password used where the URL has none
 * @throws usage.queue
 */
export function placeOf(text: string, password?: string): Place {
  const hint = words`Give it as ${option('queue', EXAMPLE)}, or rediss://... with TLS.`;
  const refuse = (what: string): Error => fail('usage.queue', `the queue ${what}`, { hint });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') throw refuse('is not the URL of a server of Redis');
  if (!/^\/?\d*$/.test(url.pathname)) throw refuse('names a database that is no number');
  if (url.password === '' && password) url.password = encodeURIComponent(password);
  const shown = new URL(url);
  [shown.username, shown.password, shown.search, shown.hash] = ['', '', '', ''];
  const secrets = [url.password, decoded(url.password)].filter((secret) => secret !== '');
  return { url: url.href, shown: shown.href.replace(/\/$/, ''), secrets };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A text without what is secret. */
export const withoutSecrets = (text: string, { secrets }: Pick<Place, 'secrets'>): string =>
  secrets.reduce((all, secret) => all.replaceAll(secret, '***'), text);
