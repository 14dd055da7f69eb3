// Changes of documents: their keys and values, with the document a document still.
import { pick } from './mutate.mjs';

const deep = (levels) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** JSON texts: what JavaScript cannot say, such as 1e999 and a key __proto__, can stand there. */
const VALUES = [
  'null', 'true', 'false', '0', '-1', '0.5', '1e308', '-1e308', '1e999', '-1e999', '1e-320', '-0', '4294967296', '9007199254740993', '1e15', '""', '"x"',
  '"NaN"', '"0"', '"__proto__"', '"constructor"', '"../../escape"', '"/escape"', '"\\u0000"', '"\\ud800"', '"\\u202e\\u001b[2J"', '[]', '{}', '[null]', '[0]',
  '1', '2', '10', '0.1', '"auto"', '"none"', '"latin1"', '"numeric"', '"date"', '"age"', '"sex"', '"island"', '["age","bmi"]', '"gaussian"', '"tanh"', '"counts"',
  '[[]]', '[1e999]', '{"__proto__":{"x":1}}', '{"length":1}', '{"constructor":1}', '{"toString":1}', deep(50), deep(5000), `"${'x'.repeat(100_000)}"`,
  `[${Array(20_000).fill(0)}]`, `[${Array(300).fill('"a"')}]`, '"2024-02-30"', '"1e5"', '["a","a"]', '{"a":{"a":{"a":1}}}',
];
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '', 'x', '0', 'then', '\0', 'é', 'sha256', 'schemaVersion'];

/** A tree of the document in which numbers keep their digits: { kind, entries | items | text }. */
export function treeOf(value) {
  if (Array.isArray(value)) return { items: value.map(treeOf) };
  if (typeof value === 'object' && value !== null) return { entries: Object.entries(value).map(([key, each]) => [key, treeOf(each)]) };
  return { text: JSON.stringify(value) };
}

export function textOf({ items, entries, text }) {
  if (items) return `[${items.map(textOf).join()}]`;
  if (entries) return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${textOf(each)}`).join()}}`;
  return text;
}

/** Every place of a tree: a list and an index in it. Of long lists some items alone, else they were all that is changed. */
function places(tree, stream) {
  const all = [];
  const walk = ({ items, entries }) => {
    const list = items ?? entries ?? [];
    const some = items && items.length > 8 ? Array.from({ length: 3 }, () => stream.integer(items.length)) : [...list.keys()];
    for (const at of some) {
      all.push([list, at, entries !== undefined]);
      walk(entries ? list[at][1] : list[at]);
    }
  };
  walk(tree);
  return all;
}

const set = ([list, at, named], value) => { list[at] = named ? [list[at][0], value] : value; };
const get = ([list, at, named]) => (named ? list[at][1] : list[at]);

const CHANGES = {
  'a value': (place, _all, stream) => set(place, { text: pick(VALUES, stream) }),
  'another value': (place, _all, stream) => set(place, { text: pick(VALUES, stream) }),
  'a number moved': (place, _all, stream) => {
    const value = Number(get(place).text);
    set(place, { text: Number.isFinite(value) ? String(pick([-value, value + 1, value * 1e30, value / 3, value - 1], stream)) : '7' });
  },
  'without a key': ([list, at]) => list.splice(at, 1),
  'twice the same': ([list, at], _all, stream) => list.splice(stream.integer(list.length + 1), 0, list[at]),
  'another name': ([list, at, named], _all, stream) => { if (named) list[at] = [pick(NAMES, stream), list[at][1]]; else list.splice(at, 1); },
  'one more key': ([list, , named], _all, stream) => {
    const value = { text: pick(VALUES, stream) };
    list.splice(stream.integer(list.length + 1), 0, named ? [pick(NAMES, stream), value] : value);
  },
  'a part from elsewhere': (place, all, stream) => set(place, structuredClone(get(pick(all, stream)))),
  'another order': ([list, at]) => list.push(...list.splice(at, 1)),
};

/** @param document a value @returns {{ text: string, how: string }} the JSON text of a changed one */
export function mutateDocument(document, stream, most = 1) {
  const tree = treeOf(document);
  const hows = [];
  for (let left = 1 + stream.integer(most); left > 0; left--) {
    const all = places(tree, stream);
    if (all.length === 0) break;
    const how = pick(Object.keys(CHANGES), stream);
    CHANGES[how](pick(all, stream), all, stream);
    hows.push(how);
  }
  return { text: textOf(tree), how: hows.join(', ') };
}
