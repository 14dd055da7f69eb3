/** The words of the page and what they mean, as the program explains them. */
import { GLOSSARY } from '../../text/glossary.js';
import { html, section, type Html } from '../html.js';

/** Of words that the page uses, in their own order. @param page the other sections */
export function glossary(page: Html): Html {
  const text = page.text.replace(/<svg[^]*?<\/svg>/g, ' ').replace(/<[^>]*>/g, ' ').toLowerCase();
  const isUsed = (word: string): boolean => new RegExp(`(?<![\\w-])${escaped(word.toLowerCase())}(?:s|es)?(?![\\w-])`).test(text);
  const used = GLOSSARY.filter(({ word, also }) => [word, ...also].some(isUsed));
  return section('glossary', 'Words', html`<dl>\n${used.map(({ word, also, text: meaning }) => html`<dt>${word}${also.length > 0
    && html` <span class="quiet">(${also.join(', ')})</span>`}</dt><dd>${meaning}</dd>\n`)}</dl>\n`);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
