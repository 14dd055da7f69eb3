/** How names and cells are written in messages. */

/** Names for a message; long lists are cut. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `'${shorten(name)}'`).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

/** A text as a YAML flow scalar: plain where that is safe. */
export function yamlText(text: string): string {
  const plain = /^[A-Za-z_][\w./-]*$/.test(text) && !/^(null|true|false|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : `'${text.replaceAll("'", "''")}'`;
}

/** A cell's text for a message. */
export function shorten(text: string): string {
  // No cell is gone through as a whole: it may be a book.
  const line = text.slice(0, 400).replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
