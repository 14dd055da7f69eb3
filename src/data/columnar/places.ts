/** Bytes of an open file by their place. */

import { readSync } from 'node:fs';

/** The bytes of some numbers, not a copy of them. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Fills `bytes` with those from `place` on. @throws RangeError where the file ends before; the system's error */
export function readInto(file: number, bytes: Uint8Array, place: number): void {
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file, bytes, done, bytes.length - done, place + done);
    if (read === 0) throw new RangeError('the file ends too early');
    done += read;
  }
}
