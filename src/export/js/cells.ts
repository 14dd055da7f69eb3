/** The functions of an exported module that read cells, as `encode` does. Only what the inputs need is written. */
import { BOOLEANS, booleanLevels } from '../../data/boolean.js';
import { YEAR_FIRST, YEAR_LAST } from '../../data/date.js';
import { levelsOf } from '../../data/feature.js';
import { numberPatterns } from '../../data/style.js';
import type { Encoder, Feature, TableStyle } from '../../types.js';

/** From the cells of a row to the inputs of the network. */
export function encodeCode({ features, style }: Pick<Encoder, 'features' | 'style'>): string {
  const has = (is: (feature: Feature) => boolean): boolean => features.some(is);
  const percent = has((feature) => feature.form === 'percent' || levelsOf(feature).some((level) => level.endsWith('%')));
  const ordinal = has(({ form }) => form === 'ordinal');
  const dates = has(({ kind }) => kind === 'date');
  const clip = has(({ columns }) => columns.some((column) => column.clip !== undefined));
  const rare = has(({ shared }) => shared !== undefined);
  const boolean = has((feature) => booleanOf(feature) !== undefined);
  const parts = [
    numberCodeOf(style), ...(percent ? [PERCENT] : []), ...(ordinal ? [PLACE] : []), ...(boolean ? [booleanCode()] : []),
    ...(dates ? [dateCode()] : []),
    ...(clip ? [CLIPPED] : []), cellCode({ percent, ordinal, dates, boolean, clip, rare }),
  ];
  return parts.join('\n\n');
}

/** The levels of a boolean feature by what they mean, to be put into the module. */
export const booleanOf = (feature: Feature): ReturnType<typeof booleanLevels> =>
  (feature.kind === 'categorical' ? booleanLevels(levelsOf(feature)) : undefined);

type Needs = Record<'percent' | 'ordinal' | 'dates' | 'boolean' | 'clip' | 'rare', boolean>;

const when = (needed: boolean, text: string): string => (needed ? text : '');

function cellCode({ percent, ordinal, dates, boolean, clip, rare }: Needs): string {
  const names = ['name', 'kind', ...(percent || ordinal ? ['form'] : []), ...(dates ? ['dates'] : []), ...(boolean ? ['words'] : []), ...(rare ? ['shared'] : []), 'levels'];
  const spelled = `Number.isNaN(plain) || /^(0\\d+|\\d{16,})$/.test(text) ? ${percent ? 'percentText(text) ?? text' : 'text'} : String(plain)`;
  const forms = when(percent, " form === 'percent' ? percentOf(text) :") + when(ordinal, " form === 'ordinal' ? place(levels, spelled) :");
  return String.raw`// Cells of training are standardised; a level or a missing cell that training never showed becomes the average, or no level.
function encode({ ${names.join(', ')}, missing: knowsMissing, columns }, row) {
  if (!Object.hasOwn(row, name)) throw new Error('the row has no column ' + JSON.stringify(name));
  const text = String(row[name] ?? '').trim();
  const absent = Number.isNaN(row[name]) || missing.includes(text);
  const plain = typeof row[name] === 'number' && Number.isFinite(row[name]) ? row[name] : numberOf(text);
  // Digits with leading zeros, or more of them than a number holds, are a code.
  const spelled = ${spelled};
  const number =${forms} plain;${when(dates, String.raw`
  const date = kind === 'date' && !absent ? moment(text, dates.order) : undefined;`)}
  const known = ${when(ordinal, "form === 'ordinal' || ")}absent || !Number.isNaN(number);
  if (kind === 'numeric' && !known${when(dates, " || kind === 'date' && !absent && !date")}) {
    throw new Error('column ' + JSON.stringify(name) + ': ' + JSON.stringify(text) + ' is not a ' + ${dates ? "(kind === 'date' ? 'date' : 'number')" : "'number'"});
  }
  const level = ${boolean || rare ? `levels?.includes(spelled) ? spelled : ${when(boolean, 'words?.[booleans[spelled]] ?? ')}${when(rare, 'shared ?? ')}spelled` : 'spelled'};
  const average = kind === 'categorical' && (absent ? !knowsMissing : levels.length === 2 && !levels.includes(level));
  return columns.map((column) => {
    if (column.type === 'number' ? absent${when(ordinal, ' || Number.isNaN(number)')}${dates ? ' && !date' : ''} : column.type === 'level' && average) return 0;
    const raw = column.type === 'number' ? ${when(dates, 'date ? date[column.part] : ')}number : column.type === 'missing' ? absent : !absent && level === column.level;
    return Math.fround(${clip ? 'clipped(column, (raw - column.mean) / column.scale)' : '(raw - column.mean) / column.scale'});
  });
}`;
}

const PERCENT = String.raw`// The number before a percent sign, else NaN; and a percentage as levels are written.
const percentOf = (text) => (text.endsWith('%') ? numberOf(text.slice(0, -1).trimEnd()) : NaN);
const percentText = (text) => (Number.isNaN(percentOf(text)) ? undefined : percentOf(text) + '%');`;

const CLIPPED = String.raw`// Beyond the clip of a column that has wild cells, values are squeezed.
const clipped = ({ clip = Infinity }, z) => (Math.abs(z) <= clip ? z : Math.sign(z) * clip * (2 - clip / Math.abs(z)));`;

const PLACE = String.raw`const place = (levels, text) => (levels.includes(text) ? levels.indexOf(text) : NaN);`;

const booleanCode = (): string => {
  const words = [...BOOLEANS].map(([text, { yes }]) => `${JSON.stringify(text)}: '${yes ? 'yes' : 'no'}'`);
  return `// Words of a boolean in every spelling.\nconst booleans = { ${words.join(', ')} };`;
};

/** As src/data/date.ts reads dates. */
const dateCode = (): string => String.raw`// What is encoded of a date: days since 1970, the year, and month, weekday from Monday and hour as places on circles.
function moment(text, order) {
  const found = (order === 'iso' ? ${String(YEAR_FIRST)} : ${String(YEAR_LAST)}).exec(text);
  if (!found) return undefined;
  const [, a, , b, c, hours = '0', minutes = '0', seconds = '0', zone = 'Z'] = found;
  const [year, month, day] = (order === 'iso' ? [a, b, c] : order === 'dayFirst' ? [c, b, a] : [c, a, b]).map(Number);
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  const hour = Number(hours) + minutes / 60 + seconds / 3600;
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || hours > 23 || minutes > 59 || seconds >= 61) return undefined;
  const digits = zone.replace(':', '');
  const ahead = zone === 'Z' ? 0 : (digits[0] === '-' ? -1 : 1) * (Number(digits.slice(1, 3)) + digits.slice(3) / 60);
  const circle = (name, at, steps) => ({
    [name + ' sin']: Math.sin((2 * Math.PI * at) / steps), [name + ' cos']: Math.cos((2 * Math.PI * at) / steps),
  });
  return {
    days: midnight / 86400000 + (hour - ahead) / 24, year,
    ...circle('month', month - 1, 12), ...circle('weekday', (date.getUTCDay() + 6) % 7, 7), ...circle('hour', hour, 24),
  };
}`;

/** How texts are read as numbers, as the table wrote them that was learned from. */
export function numberCodeOf(style: TableStyle = {}): string {
  const patterns = numberPatterns(style);
  const usual = (name: string): string => String.raw`// The number that a text writes in decimal notation, else NaN.
const ${name} = (text) => (text === '' || /^0[box]/i.test(text) || !Number.isFinite(Number(text)) ? NaN : Number(text));`;
  if (!patterns) return usual('numberOf');
  const { decimal, separator, plain, grouped } = patterns;
  const fraction = `replace(${JSON.stringify(decimal)}, '.')`;
  const joined = separator === ' ' ? "replace(/\\s/g, '')" : `replaceAll(${JSON.stringify(separator)}, '')`;
  return `${usual('usual')}
// Numbers in texts are written as in the table that was learned from.
const numberOf = (text) => {
  if (${plain}.test(text)) return usual(text.${fraction});
  return ${grouped}.test(text) ? usual(text.${joined}.${fraction}) : NaN;
};`;
}
