// The cells of the study: one row, one variant, one seed.
import { findFile } from './files.mjs';
import { PROTOCOLS } from './protocols.mjs';
import { VARIANTS } from './variants.mjs';

/** Small cells of every kind, for a look of some minutes; settings that make them smaller. */
export const QUICK = {
  seeds: { 'E4a': 2, 'E4b': 2, 'E8-300-20': 2, 'E5': 2, 'E6-yacht': 2, 'E9-colon': 1, 'CLASS-wine': 2, 'RELIABILITY': 3 },
  variants: ['search', 'both'],
  sets: ['train.restarts=2'],
};

/** `1-3,7` as a test of a number. */
export function numbers(text) {
  const spans = text.split(',').map((part) => /^(\d+)(?:-(\d+))?$/.exec(part.trim()));
  if (spans.some((span) => !span)) throw new Error(`--seeds ${text}: expected numbers and spans such as 1-3,7`);
  return (n) => spans.some(([, from, to = from]) => n >= Number(from) && n <= Number(to));
}

/** The named rows; a name such as E8 stands for all that begin with it and a hyphen. Without names, all but the asked ones. */
export function protocolsOf(rows) {
  if (!rows) return PROTOCOLS.filter(({ asked }) => !asked);
  return rows.split(',').flatMap((name) => {
    const exact = PROTOCOLS.filter(({ id }) => id.toLowerCase() === name.toLowerCase());
    const below = PROTOCOLS.filter(({ id, asked }) => !asked && id.toLowerCase().startsWith(`${name.toLowerCase()}-`));
    const found = exact.length > 0 ? exact : below;
    if (found.length === 0) throw new Error(`--rows: no row ${name}; there are ${PROTOCOLS.map(({ id }) => id).join(', ')}`);
    return found;
  });
}

/** @returns cells in the order of their seeds, so that a stopped study has something of each row; and rows without their data */
export function listCells({ rows, variants, seeds, quick, folder }) {
  const unknown = variants.filter((name) => !Object.hasOwn(VARIANTS, name));
  if (unknown.length > 0) throw new Error(`--variants: no variant ${unknown}; there are ${Object.keys(VARIANTS).join(', ')}`);
  const wanted = seeds ? numbers(seeds) : () => true;
  const protocols = protocolsOf(rows ?? (quick ? Object.keys(QUICK.seeds).join() : undefined));
  const missing = protocols.filter(({ needs }) => needs.some((name) => !findFile(folder, name)));
  const cells = protocols.filter((protocol) => !missing.includes(protocol)).flatMap(({ id, seeds: count }) => {
    const all = Array.from({ length: (quick && QUICK.seeds[id]) || count }, (_, at) => at + 1).filter(wanted);
    return all.flatMap((seed) => variants.map((variant) => ({ row: id, variant, seed })));
  });
  return { cells: cells.sort((a, b) => a.seed - b.seed), missing };
}

export const keyOf = ({ row, variant, seed, tag }) => [tag, row, variant, seed].join(' ');
