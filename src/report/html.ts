/** HTML in which every text is escaped unless it is itself HTML. */

/** Markup; only {@link html} and {@link markup} make it. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Value = Html | string | number | undefined | false | readonly Value[];

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Characters that HTML may not have at all are shown as such. */
// eslint-disable-next-line no-control-regex -- these are the characters that are looked for
export const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

export const escape = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (character) => ESCAPES[character]);

/** A tagged template: what is filled in is escaped unless it is Html; lists are joined, `undefined` and `false` are nothing. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((text, part, at) => text + render(values[at - 1]) + part));
}

/** Text that is markup already. */
export const markup = (text: string): Html => new Html(text);

function render(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escape(String(value));
}

/** A table; the first cell of a row is its heading. */
export function table(header: readonly (string | Html)[], rows: readonly (readonly (string | number | Html)[])[]): Html {
  const body = rows.map(([first, ...rest]) =>
    html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`);
  return html`<div class="scroll"><table>
<thead><tr>${header.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${body}</tbody></table></div>
`;
}

/** A section with its heading; `anchor` is its id in the page. */
export const section = (anchor: string, title: string, ...content: Value[]): Html =>
  html`<section id="${anchor}">\n<h2>${title}</h2>\n${content}</section>\n`;

/** A drawing with its caption. */
export const figure = (drawing: Html, caption?: Value): Html =>
  html`<figure>${drawing}${caption !== undefined && html`<figcaption>${caption}</figcaption>`}</figure>\n`;
