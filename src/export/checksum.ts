/**
 * The SHA-256 that a saved model names, by which a changed digit is found: one would else move predictions without a word. It
 * tells of damage, not of who wrote the file: whoever changes a model on purpose can write another one, or leave it out.
 */

import { createHash } from 'node:crypto';
import { fail, type BnncError } from '../errors.js';

export const CHECKSUM = 'sha256';
/** Stands in the place of the digits while they are computed. */
export const BLANK_CHECKSUM = '0'.repeat(64);

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/**
 * Of a JSON document without its key `sha256`: that of its shortest text with keys in their order, so that spaces and line ends
 * do not count.
 */
export function documentChecksum(document: object): string {
  const { [CHECKSUM]: _own, ...rest } = document as Record<string, unknown>;
  return sha256(JSON.stringify(rest));
}

/** @throws run.model-changed where the document names another one; one that names none passes */
export function checkDocumentChecksum(document: object, file: string): void {
  const { [CHECKSUM]: named } = document as Record<string, unknown>;
  if (named !== undefined && named !== documentChecksum(document)) throw changed(file);
}

/** Puts the checksum of bytes into them, in place of 64 zeros that stand there. @param place where the zeros begin */
export function sealBytes(bytes: Uint8Array, place: number): Uint8Array {
  bytes.set(new TextEncoder().encode(sha256(bytes)), place);
  return bytes;
}

/**
 * Whether bytes that hold their own checksum have it: it is that of the same bytes with zeros in place of its digits.
 * @throws run.model-changed
 */
export function checkBytes(bytes: Uint8Array, named: string, file: string): void {
  const place = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(named, 0, 'latin1');
  if (named.length !== BLANK_CHECKSUM.length || place < 0) throw changed(file);
  const blank = Uint8Array.from(bytes);
  blank.fill(BLANK_CHECKSUM.charCodeAt(0), place, place + BLANK_CHECKSUM.length);
  if (sha256(blank) !== named) throw changed(file);
}

const changed = (file: string): BnncError => fail('run.model-changed', 'its content has not the SHA-256 that it names: it was changed or damaged', {
  where: { file },
  hint: "Copy it again, or export it again with 'bnnc prune'. If you have changed it on purpose, remove its key sha256.",
});
