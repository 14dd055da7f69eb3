/** One result as bytes: a line of JSON that says what made it, then the value. */
import { createHash } from 'node:crypto';
import { count, looseRecord, optional, text, textLike, type Checked } from '../rules.js';
import { decode, encode } from './encode.js';
import { planHash, type PlanFacts } from './plan.js';

/** Who computed a result. Digits depend on all of it. */
export interface Maker {
  engine: string;
  threads: number;
  processor: string;
}

const FORMAT = 2;
/** A header is shorter, in bytes. */
export const MAX_HEADER = 4096;

const headerRule = looseRecord({
  schemaVersion: count(1), plan: text, key: text, bnnc: text,
  configSha256: text, dataSha256: optional(text), testSha256: optional(text), engine: text,
  threads: count(1), processor: text, sha256: textLike(/^[0-9a-f]{64}$/),
});
export type Header = Checked<typeof headerRule>;

const hash = (of: string | Uint8Array): string => createHash('sha256').update(of).digest('hex');

/** Names the result of a task of a plan. @param key of the task within its job */
export const partKey = (plan: string, key: string): string => hash(`${plan} ${key}`).slice(0, 32);

/** A result of a plan as bytes, and its header. */
export function partBytes(facts: PlanFacts, maker: Maker, key: string, value: unknown): { header: Header; bytes: Buffer } {
  const body = encode(value);
  const plan = planHash(facts);
  const { bnnc, configSha256, dataSha256, testSha256 } = facts;
  const header: Header = {
    schemaVersion: FORMAT, plan, key: partKey(plan, key), bnnc, configSha256, ...(dataSha256 && { dataSha256 }),
    ...(testSha256 && { testSha256 }), ...maker, sha256: hash(body),
  };
  return { header, bytes: Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]) };
}

/**
 * The header of a result.
 * @param damaged makes the error of what is wrong
 */
export function headerOf(bytes: Buffer, damaged: (what: string) => Error): { header: Header; length: number } {
  const length = bytes.subarray(0, MAX_HEADER).indexOf('\n') + 1;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8', 0, length));
  } catch {
    throw damaged('it has no header');
  }
  const [fault] = headerRule(value);
  if (fault) throw damaged(`${fault.path.join('.')} ${fault.message}`);
  const header = value as Header;
  if (header.schemaVersion !== FORMAT) throw damaged(`it has format ${header.schemaVersion}, and this program reads ${FORMAT}`);
  return { header, length };
}

/** The value of a result, whose size is bounded by that of its bytes. @param damaged makes the error of what is wrong */
export function valueOf(bytes: Buffer, damaged: (what: string) => Error): { header: Header; value: unknown } {
  const { header, length } = headerOf(bytes, damaged);
  const body = bytes.subarray(length);
  if (hash(body) !== header.sha256) throw damaged('its content does not have the checksum that it names');
  try {
    return { header, value: decode(body) };
  } catch {
    throw damaged('its content is not a value as bnnc writes it');
  }
}
