// The tables of a study as one page of verdicts and a CSV file of all other figures: both come from the same Markdown, so that
// they say the same.

/** Sections that stay on the page; the figures of the others go to the CSV file. */
const ON_PAGE = ['Targets', 'Cells without figures'];
const KEYS = ['row', 'data', 'variant', 'cells', 'metric'];
/** First columns that tell lines of a table apart and are no figures. */
const PLACES = ['PIP', 'threshold', 'selected by', 'commit'];
const COLUMNS = ['table', 'row', 'data', 'variant', 'cells', 'commits', 'metric', 'part', 'measure', 'figure', 'value', 'standard_error'];

/** { page, csv } of a whole document. @param csvName name of the CSV file beside the page */
export function splitPage(markdown, csvName) {
  const [head, ...sections] = markdown.trimEnd().split(/\n+(?=## )/);
  const parsed = sections.map(parseSection);
  const away = parsed.filter(({ title }) => !ON_PAGE.includes(title));
  if (away.length === 0) return { page: markdown, csv: csvText([COLUMNS]) };
  const made = cellsByCommit(parsed);
  const figures = away.flatMap((section) => section.tables.flatMap((table) => figuresOf(section, table, made)));
  const list = away.map(({ title, text }) => `- **${title}** ${text}`.trimEnd());
  const page = [
    head, ...parsed.filter(({ title }) => ON_PAGE.includes(title)).map(({ source }) => source.trimEnd()),
    ['## Figures', '', `All figures behind the verdicts are in [${csvName}](${csvName}), one a line: its table, row and variant, how many`
      + ' cells it is over and which commits made them, the figure as it was printed, its value and its standard error. The tables are:',
    '', ...list].join('\n'),
  ];
  return { page: `${page.join('\n\n')}\n`, csv: csvText([COLUMNS, ...figures.map((figure) => COLUMNS.map((name) => figure[name] ?? ''))]) };
}

function parseSection(source) {
  const [first, ...lines] = source.split('\n');
  const tables = [];
  const text = [];
  let part = '';
  for (const line of lines.filter((each) => each !== '')) {
    if (line.startsWith('|')) {
      const cells = line.slice(2, -2).split(' | ');
      if (line.startsWith('|---')) continue;
      if (tables.at(-1)?.open) tables.at(-1).lines.push(cells);
      else tables.push({ part, header: cells, lines: [], open: true });
      continue;
    }
    if (tables.length > 0) tables.at(-1).open = false;
    if (/^###|:$/.test(line)) part = line.replace(/^#+ |:$/g, '');
    else if (tables.length === 0) text.push(line);
    else tables.push({ part, header: ['summary'], lines: [[line]] });
  }
  const group = /--rows ([\w,-]+)/.exec(source)?.[1] ?? '';
  return { title: first.slice(3), text: text.join(' '), group, tables, source };
}

/** Of `E1 both`: how many cells each commit made, as the table of commits has them. */
function cellsByCommit(parsed) {
  const made = new Map();
  for (const { header, lines } of parsed.find(({ title }) => title === 'Commits')?.tables ?? []) {
    for (const cells of lines) {
      header.forEach((variant, at) => {
        for (const [, row, count] of cells[at].matchAll(/([\w-]+) × (\d+)/g)) {
          const key = `${row} ${variant}`;
          made.set(key, [...(made.get(key) ?? []), [cells[0].replaceAll('`', ''), Number(count)]]);
        }
      });
    }
  }
  return { of: (key) => made.get(key) ?? [], variants: variantsOf(parsed) };
}

const variantsOf = (parsed) => parsed.find(({ title }) => title === 'Targets')?.tables[0].header.slice(2) ?? [];

function figuresOf({ title, group }, { part, header, lines }, { of, variants }) {
  return lines.flatMap((cells) => {
    const keys = Object.fromEntries(header.map((name, at) => [name, cells[at]]).filter(([name]) => KEYS.includes(name)));
    const row = keys.row ?? (keys.data ? `${group}-${keys.data}` : group.includes(',') ? '' : group);
    const place = PLACES.includes(header[0]) ? cells[0] : header.includes('selected by') ? cells[header.indexOf('selected by')] : '';
    return header.flatMap((name, at) => {
      if (KEYS.includes(name) || PLACES.includes(name) || cells[at] === '') return [];
      const words = name.split(', ');
      const inName = variants.includes(words.at(-1)) ? words.at(-1) : undefined;
      const variant = keys.variant ?? inName ?? part.split(', ').find((word) => variants.includes(word)) ?? '';
      const commits = of(`${row} ${variant}`);
      return [{
        table: title, row, data: keys.data, variant, metric: keys.metric,
        cells: keys.cells ?? (commits.length > 0 ? commits.reduce((sum, [, count]) => sum + count, 0) : undefined),
        commits: commits.map(([commit, count]) => `${commit} × ${count}`).join('; '),
        part: [part, place].filter((text) => text !== '').join('; '), measure: name, figure: cells[at], ...numbersOf(cells[at]),
      }];
    });
  });
}

/** Value and standard error of a figure that is a number; a percentage as a share. */
function numbersOf(figure) {
  const found = /^([+−-]?\d[\d.]*)(?: ± (\d[\d.]*))?( %)?(?:$| \(rows\)| better| worse| equal)/.exec(figure);
  if (!found) return {};
  const value = found[1].replace('−', '-').replace('+', '');
  return { value: found[3] ? Number((Number(value) / 100).toPrecision(6)) : value, standard_error: found[2] };
}

const quoted = (cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell));
const csvText = (rows) => `${rows.map((cells) => cells.map(quoted).join(',')).join('\n')}\n`;
