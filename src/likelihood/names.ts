/** The target as a config names it: one column, or a list of several. */

export type Named = string | readonly string[];

/** The columns, one or more. */
export const targetNames = (target: Named): readonly string[] => (typeof target === 'string' ? [target] : target);

/** All of them as one text. */
export const targetTitle = (target: Named): string => targetNames(target).join(', ');

/** A list of one is that one. */
export const unlisted = <T extends Named>(target: T): T | string =>
  (typeof target !== 'string' && target.length === 1 ? target[0] : target);
