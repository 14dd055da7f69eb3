/** Moments that are counted, as texts. */

/**
 * `2024-03-01T12:30:00`, with a fraction of the second where there is one.
 * @param value counts since 1970-01-01T00:00
 */
export function momentText(value: bigint, perSecond: bigint): string {
  const rest = ((value % perSecond) + perSecond) % perSecond;
  const seconds = new Date(Number((value - rest) / perSecond) * 1000).toISOString().slice(0, -'.000Z'.length);
  const fraction = String(rest + perSecond).slice(1).replace(/0+$/, '');
  return fraction === '' ? seconds : `${seconds}.${fraction}`;
}
