/** Plots as inline SVG. Colours are the page's variables, so that one drawing serves light, dark and print. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escape, FORBIDDEN, markup, type Html } from './html.js';

export * as Plot from '@observablehq/plot';

/** Colours of the page (style.ts). */
export const INK = 'var(--ink)';
export const MUTED = 'var(--muted)';
export const FAINT = 'var(--faint)';
export const PAPER = 'var(--paper)';
export const ACCENT = 'var(--accent)';
export const WARM = 'var(--warm)';
export const GREEN = 'var(--green)';
/** For series that are told apart. */
export const SERIES = ['var(--accent)', 'var(--warm)', 'var(--green)', 'var(--violet)', 'var(--rose)', 'var(--teal)'] as const;

/**
 * The plot as an SVG element that stands alone: without ids, scripts and styles of its own.
 * @param label what a screen reader says of it
 */
export function draw(label: string, options: Plot.PlotOptions): Html {
  const { document } = (parseHTML as Parse)('<!doctype html><html><body></body></html>');
  const drawn = (Plot.plot as Draw)({ ...options, document, className: 'plot' });
  for (const style of drawn.querySelectorAll('style')) style.remove();
  // Hundredths of a pixel are more than anybody sees; texts between the tags stay as they are.
  const rounded = drawn.outerHTML.replace(/<[^>]*>/g, (tag) => tag.replace(/(\.\d\d)\d+/g, '$1'));
  return markup(rounded.replace(FORBIDDEN, '\ufffd').replace(/^<svg/, () => `<svg role="img" aria-label="${escape(label)}"`));
}

/** The little of the DOM that is needed here: the compiler does not know a browser's. */
interface Element {
  outerHTML: string;
  querySelectorAll(selector: string): Iterable<{ remove(): void }>;
}
type Parse = (text: string) => { document: object };
type Draw = (options: Plot.PlotOptions & { document: object }) => Element;

/** A name that fits beside an axis. */
export const shortName = (name: string, most = 28): string => {
  const line = name.replace(/\s+/g, ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};

/** Room for the longest of some names beside an axis, in pixels. */
export const roomFor = (names: readonly string[]): number =>
  22 + Math.ceil(7 * Math.max(4, ...names.map((name) => shortName(name).length)));
