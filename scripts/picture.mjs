/**
 * Draws the network of a run as SVG: node scripts/picture.mjs RUN > picture.svg
 *
 * Every input, hidden node and output is there. Grey: what has a PIP below 0.5. Coloured: inputs, nodes and weights of the
 * median probability model, a weight as wide as its posterior mean is large. An input with several encoded columns is one
 * dot; of its weights to a node the most probable is drawn. Weights that skip a layer are dashed, and drawn only where they are
 * coloured. Reads encoder.json and inclusion/*.csv.
 *
 * docs/raisin.svg is the run that the README trains on datasets/raisin.csv.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

const SIZE = { width: 940, height: 560, left: 210, right: 170, top: 64, bottom: 70 };
const INK = { paper: '#ffffff', frame: '#d8dee6', text: '#24303d', faint: '#7b8794', dead: '#e7ebef', dot: '#dde2e8', node: '#3d4c5c' };
const HUES = ['#1f6fd1', '#d9701a', '#1f9a6b', '#a63fb0', '#c43d4f', '#7a7a12'];
const THRESHOLD = 0.5;

/** Columns of dots from the inputs to the outputs, and the weights between them. */
function readNetwork(folder) {
  /** @returns {Record<string, string>[]} */
  const table = (name) => parse(readFileSync(path.join(folder, 'inclusion', name)), { columns: true });
  const { features, target } = JSON.parse(readFileSync(path.join(folder, 'encoder.json'), 'utf8'));
  const pips = new Map(table('inputs.csv').map(({ input, pip }) => [input, Number(pip)]));
  const inputs = features.map(({ name }) => ({ name, pip: pips.get(name) }));
  const columns = [inputs];
  for (const { layer, node, pip } of table('nodes.csv')) (columns[Number(layer)] ??= []).push({ name: node, pip: Number(pip) });
  // nodes.csv is sorted by PIP; in the picture a node stands at the place of its number.
  const number = ({ name }) => Number(name.split('.')[1]);
  for (const hidden of columns.slice(1)) hidden.sort((a, b) => number(a) - number(b));

  const featureOf = new Map(features.flatMap(({ name, columns: encoded }) => encoded.map((column) => [column.name, name])));
  const weights = table('weights.csv').map(({ layer, from, to, pip, mean }) => {
    const before = columns[Number(layer) - 1];
    // Layers of a network with skips read the inputs, too.
    const direct = layer === '1' || !before.some(({ name }) => name === from);
    const source = direct ? { tier: 0, from: featureOf.get(from) } : { tier: Number(layer) - 1, from };
    return { layer: Number(layer), ...source, to, pip: Number(pip), mean: Number(mean) };
  });
  const outputs = new Set(weights.filter(({ layer }) => layer === columns.length).map(({ to }) => to));
  columns.push([...outputs].map((name) => ({ name, pip: 1 })));
  return { columns, weights, target: target.name };
}

function draw({ columns, weights }) {
  const { width, height, left, right, top, bottom } = SIZE;
  const step = (width - left - right) / (columns.length - 1);
  columns.forEach((column, c) => column.forEach((dot, i) => {
    const gap = (height - top - bottom) / Math.max(1, column.length);
    // Few dots stand together in the middle rather than far apart.
    const used = Math.min(gap, 44);
    dot.x = left + c * step;
    dot.y = top + (height - top - bottom) / 2 + (i - (column.length - 1) / 2) * used;
    dot.radius = Math.min(8, used * 0.34);
    dot.alive = dot.pip >= THRESHOLD;
  }));
  const living = columns[0].filter(({ alive }) => alive);
  living.forEach((dot, i) => (dot.colour = HUES[i % HUES.length]));

  const place = columns.map((column) => new Map(column.map((dot) => [dot.name, dot])));
  for (const weight of weights) {
    weight.a = place[weight.tier].get(weight.from);
    weight.b = place[weight.layer].get(weight.to);
    weight.alive = weight.pip >= THRESHOLD && weight.a.alive && weight.b.alive;
  }
  const edges = strongest(weights);
  const alive = edges.filter((edge) => edge.alive);
  const largest = Math.max(...alive.map(({ mean }) => Math.abs(mean)), 1e-9);
  const skips = ({ tier, layer }) => tier < layer - 1;
  const dead = edges.filter((edge) => !edge.alive && !skips(edge)).map(({ a, b }) => `M${at(a.x)} ${at(a.y)}L${at(b.x)} ${at(b.y)}`).join('');
  const lines = alive.map((edge) => {
    const { a, b, mean } = edge;
    return `<line x1="${at(a.x)}" y1="${at(a.y)}" x2="${at(b.x)}" y2="${at(b.y)}" stroke="${a.colour ?? INK.node}" ` +
      `${skips(edge) ? 'stroke-dasharray="7 6" ' : ''}stroke-width="${at(1.2 + (2.6 * Math.abs(mean)) / largest)}"/>`;
  });

  const hidden = columns.slice(1, -1).flat();
  const open = hidden.filter((dot) => dot.alive);
  const kept = weights.filter((weight) => weight.alive);
  const caption = `PIP of at least ${THRESHOLD}: ${living.length} of ${columns[0].length} inputs, ` +
    `${open.length} of ${hidden.length} hidden nodes, ${kept.length} of ${weights.length} weights`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
      'font-family="system-ui, -apple-system, \'Segoe UI\', \'DejaVu Sans\', sans-serif" font-size="14">',
    `<title>${escape(caption)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${INK.paper}" stroke="${INK.frame}"/>`,
    ...columns.map((column, c) => text(column[0].x, 34, heading(c, columns), { anchor: 'middle', fill: INK.faint, size: 13 })),
    `<path d="${dead}" stroke="${INK.dead}" stroke-width="0.7" fill="none"/>`,
    `<g stroke-linecap="round">${lines.join('\n')}</g>`,
    ...columns.flat().map(circle),
    ...columns[0].map(inputLabel),
    ...open.map(nodeLabel),
    ...columns.at(-1).map((dot) => text(dot.x + dot.radius + 8, dot.y + 5, dot.name)),
    text(width / 2, height - 24, caption, { anchor: 'middle', fill: INK.text, size: 13 }),
    '</svg>',
    '',
  ].join('\n');
}

/** Of several weights between the same two dots the most probable. */
function strongest(weights) {
  const best = new Map();
  for (const weight of weights) {
    const key = `${weight.layer} ${weight.tier} ${weight.from} ${weight.to}`;
    if (!(best.get(key)?.pip >= weight.pip)) best.set(key, weight);
  }
  return [...best.values()];
}

function heading(column, columns) {
  const { length } = columns[column];
  if (column === 0) return `${length} inputs`;
  return column === columns.length - 1 ? (length === 1 ? 'output' : 'outputs') : `hidden ${column}: ${length} nodes`;
}

function circle({ x, y, radius, alive, colour = INK.node }) {
  return `<circle cx="${at(x)}" cy="${at(y)}" r="${at(alive ? radius + 1 : radius)}" fill="${alive ? colour : INK.dot}"/>`;
}

function inputLabel({ x, y, name, pip, alive, colour }) {
  const fill = alive ? colour : INK.faint;
  return text(x - 64, y + 5, name, { anchor: 'end', fill, weight: alive ? 600 : 400 }) +
    text(x - 18, y + 5, pip.toFixed(2), { anchor: 'end', fill, weight: alive ? 600 : 400 });
}

/** Above the dot, on a patch of paper so that lines do not cross it. */
function nodeLabel({ x, y, radius, pip }) {
  const [centre, base] = [x, y - radius - 6];
  const patch = `<rect x="${at(centre - 15)}" y="${at(base - 11)}" width="30" height="14" rx="4" fill="${INK.paper}"/>`;
  return patch + text(centre, base, pip.toFixed(2), { anchor: 'middle', fill: INK.node, size: 12, weight: 600 });
}

function text(x, y, content, { anchor = 'start', fill = INK.text, size = 14, weight = 400 } = {}) {
  const style = `text-anchor="${anchor}" fill="${fill}" font-size="${size}" font-weight="${weight}"`;
  return `<text x="${at(x)}" y="${at(y)}" ${style}>${escape(content)}</text>`;
}

function at(value) {
  return Number(value.toFixed(1));
}

function escape(value) {
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const run = process.argv[2];
if (run === undefined) {
  process.stderr.write('usage: node scripts/picture.mjs RUN > picture.svg\n');
  process.exitCode = 2;
} else {
  process.stdout.write(draw(readNetwork(run)));
}
