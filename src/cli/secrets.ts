/** Passwords among the arguments of the program. */

/** The arguments as they may be kept: a URL of a queue without its user and password. */
export const withoutPasswords = (argv: readonly string[]): string[] =>
  argv.map((word) => word.replace(/(rediss?:\/\/).*@/i, '$1***@'));
