/** Drawings of a page with a form, as SVG in the colours of the page. */
const SVG = 'http://www.w3.org/2000/svg';
export const COLOURS = ['accent', 'warm', 'green', 'violet', 'rose', 'teal'].map((name) => `var(--${name})`);
const SIZE = { width: 380, height: 200, left: 56, right: 12, top: 12, bottom: 30 };

/** An element of a drawing with its attributes and what is in it. */
export function svg(name, attributes = {}, ...content) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

/** Four digits, and no more zeros than needed. */
export const short = (value) => {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return value.toExponential(2);
  return String(size >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));
};

/** About so many round numbers between two. */
function ticks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((digit) => digit * power >= raw * 0.7);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + 1e-9 * step; at++) {
    found.push(Number((at * step).toPrecision(12)));
  }
  return found;
}

/**
 * Lines with bands, or dots with whiskers where the x axis has names.
 * @param {{ label: string, x: number[], names?: string[], textOf?: (x: number) => string, here?: number, domain?: number[],
 *   lines: { y: number[], lower?: number[], upper?: number[] }[] }} plot
 */
export function drawing({ label, x, names, textOf = short, here, domain, lines }) {
  const all = lines.flatMap(({ y, lower = [], upper = [] }) => [...y, ...lower, ...upper]);
  let [low, high] = domain ?? [Math.min(...all), Math.max(...all)];
  if (!(high > low)) [low, high] = [low - (Math.abs(low) || 1) / 10, high + (Math.abs(high) || 1) / 10];
  const { width, height, left, right, top, bottom } = SIZE;
  const [first, last] = names ? [-0.5, x.length - 0.5] : [x[0], x[x.length - 1]];
  const across = (value) => left + ((value - first) / (last - first || 1)) * (width - left - right);
  const up = (value) => height - bottom - ((value - low) / (high - low)) * (height - top - bottom);
  const at = (value) => value.toFixed(1);
  const root = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: 'plot', role: 'img', 'aria-label': label });
  const text = (content, attributes) => svg('text', { fill: 'var(--muted)', 'font-size': 12, ...attributes }, content);
  for (const tick of ticks(low, high, 4)) {
    root.append(svg('line', { x1: left, x2: width - right, y1: at(up(tick)), y2: at(up(tick)), stroke: 'var(--faint)' }),
      text(short(tick), { x: left - 6, y: at(up(tick) + 4), 'text-anchor': 'end' }));
  }
  const shown = names ? (names.length <= 8 ? x : [here]) : ticks(first, last, 4);
  for (const place of shown) {
    const words = names ? names[place] : textOf(place);
    const [middle, room] = [across(place), names ? Math.max(4, Math.floor(60 / Math.min(8, shown.length))) : 16];
    root.append(text(words.length > room ? `${words.slice(0, room - 1)}…` : words, { x: at(middle), y: height - 10, 'text-anchor': 'middle' }));
  }
  if (here !== undefined && here >= first && here <= last) {
    root.append(svg('line', { x1: at(across(here)), x2: at(across(here)), y1: top, y2: height - bottom, stroke: 'var(--muted)', 'stroke-dasharray': '3,3' }));
  }
  lines.forEach(({ y, lower, upper }, k) => {
    const colour = COLOURS[k % COLOURS.length];
    const point = (values) => (value, i) => `${at(across(value))},${at(up(values[i]))}`;
    if (names) {
      const aside = (k - (lines.length - 1) / 2) * 6;
      x.forEach((value, i) => {
        const middle = at(across(value) + aside);
        if (lower) root.append(svg('line', { x1: middle, x2: middle, y1: at(up(lower[i])), y2: at(up(upper[i])), stroke: colour, 'stroke-width': 2 }));
        root.append(svg('circle', { cx: middle, cy: at(up(y[i])), r: 4, fill: colour }));
      });
      return;
    }
    if (lower) root.append(svg('polygon', { points: [...x.map(point(upper)), ...x.map(point(lower)).reverse()].join(' '), fill: colour, 'fill-opacity': 0.22 }));
    root.append(svg('polyline', { points: x.map(point(y)).join(' '), fill: 'none', stroke: colour, 'stroke-width': 2 }));
  });
  return root;
}
