/** What wires the form of a report to the exported model in the same script. */
import { COLOURS, drawing, short } from './plot.js';

const DAY = 86400000;
const MISSING = 'missing';
/** Values along an input, and classes that are drawn. */
const POINTS = 25;
const MAX_LINES = 6;
/** A picture that takes longer, in milliseconds, has no bands. */
const PATIENCE = 400;

/**
 * @param {{ predict: Function, interval?: Function, distribution?: Function }} model
 * @param {object} page see src/report/interactive/script.ts
 */
export function start({ predict, interval, distribution }, page) {
  const { fields, shown, classes, timed, target, numbers, several } = page;
  const values = fields.map((field) => field.start);
  const part = (f, name = '') => document.getElementById(`try-${f}${name}`);
  const [form, output, picture] = [document.getElementById('try-form'), document.querySelector('#try output'), document.getElementById('try-picture')];
  let [moved, timer] = [0, 0];

  const dateText = (days, { order, hours }) => {
    const iso = new Date(Math.round(days * DAY)).toISOString();
    const [year, month, day] = iso.slice(0, 10).split('-');
    const date = order === 'iso' ? `${year}-${month}-${day}` : (order === 'dayFirst' ? [day, month, year] : [month, day, year]).join('/');
    return hours ? `${date} ${iso.slice(11, 16)}` : date;
  };

  /** The cell of a table that a value stands for. */
  function cellOf(field, value) {
    if (value === MISSING && field.missing) return '';
    if (field.type === 'date') return dateText(value, field);
    return field.percent ? `${String(value).replace('.', page.decimal)}%` : value;
  }

  const rowOf = (given) => Object.fromEntries(fields.map((field, f) => [field.name, cellOf(field, given[f])]));
  const withValue = (f, value) => values.map((own, at) => (at === f ? value : own));

  /** From what stands in the fields to values; a field that is empty or no number keeps its last value. */
  function read(f, from) {
    const [field, box] = [fields[f], part(f, '-missing')];
    const own = part(f);
    if (field.type === 'choice') {
      values[f] = own.value === MISSING ? MISSING : field.options[Number(own.value)];
      return;
    }
    const slider = part(f, '-slider');
    if (from === slider) show(f, slider.valueAsNumber);
    const value = field.type === 'date' ? Date.parse(`${own.value}${field.hours ? 'Z' : ''}`) / DAY : own.valueAsNumber;
    const absent = box?.checked ?? false;
    slider.disabled = own.disabled = absent;
    if (absent) values[f] = MISSING;
    else if (Number.isFinite(value)) values[f] = value;
    if (from !== slider && Number.isFinite(value)) slider.value = value;
    const beyond = !absent && (value < field.min || value > field.max);
    part(f, '-remark').hidden = !beyond;
    part(f, '-remark').textContent = beyond ? 'The training rows have no such value.' : '';
  }

  /** Puts a value into the field beside the slider. */
  function show(f, value) {
    const field = fields[f];
    const iso = () => new Date(Math.round(value * DAY)).toISOString().slice(0, field.hours ? 16 : 10);
    part(f).value = field.type === 'date' ? iso() : Number(value.toPrecision(12));
  }

  const value = (number, digits = short(number)) => Object.assign(document.createElement('data'), { value: number, textContent: digits });
  const percent = (p) => `${(100 * p).toFixed(1)} %`;

  function told(row) {
    if (classes) {
      const { class: best, probabilities } = predict(row);
      return [`${target}: ${best}, probability `, value(probabilities[best], percent(probabilities[best]))];
    }
    const [answer, bounds] = [predict(row), interval?.(row)];
    return numbers.map(({ name, what }) => {
      const at = (of) => (several ? of[name] : of);
      const words = bounds ? [', 90 % interval ', value(at(bounds.lower)), ' to ', value(at(bounds.upper))] : [];
      const line = document.createElement('div');
      line.append(`${what}: `, value(several ? answer.predictions[name] : answer.prediction), ...words);
      return line;
    });
  }

  function bars(row) {
    const [{ probabilities }, bounds] = [predict(row), interval?.(row)];
    const table = document.createElement('table');
    table.className = 'bars';
    classes.forEach((level, k) => {
      const line = table.insertRow();
      line.insertCell().textContent = level;
      const bar = document.createElement('div');
      bar.className = 'bar';
      const span = document.createElement('span');
      span.style.width = `${100 * probabilities[level]}%`;
      if (classes.length > 2 && k < MAX_LINES) span.style.background = COLOURS[k];
      bar.append(span);
      if (bounds) {
        const whisker = document.createElement('i');
        whisker.style.left = `${100 * bounds.lower[level]}%`;
        whisker.style.width = `${100 * (bounds.upper[level] - bounds.lower[level])}%`;
        bar.append(whisker);
      }
      line.insertCell().append(bar);
      const between = bounds ? ` (${(100 * bounds.lower[level]).toFixed(1)} to ${(100 * bounds.upper[level]).toFixed(1)})` : '';
      line.insertCell().append(value(probabilities[level], percent(probabilities[level])), between);
    });
    return table;
  }

  function figure(text, picture) {
    const [whole, caption] = [document.createElement('figure'), document.createElement('figcaption')];
    caption.textContent = text;
    whole.append(picture, caption);
    return whole;
  }

  /** The predictions along the input that was moved last: all classes in one figure, a figure for each number. */
  function along(f) {
    const field = fields[f];
    const isChoice = field.type === 'choice';
    const places = isChoice ? [...field.options, ...(field.missing ? [MISSING] : [])]
      : Array.from({ length: POINTS }, (_, i) => field.min + ((field.max - field.min) * i) / (POINTS - 1));
    const began = performance.now();
    let banded = interval !== undefined && (!classes || classes.length <= 2);
    const found = places.map((place) => {
      const row = rowOf(withValue(f, place));
      const answer = predict(row);
      banded &&= performance.now() - began < PATIENCE;
      return { answer, bounds: banded ? interval(row) : undefined };
    });
    /** @param name of a class or of one of several targets; absent: there is one number */
    const lineOf = (name) => {
      const at = (each) => (name === undefined ? each : each[name]);
      return {
        y: found.map(({ answer }) => at(answer.probabilities ?? answer.predictions ?? answer.prediction)),
        ...(banded && { lower: found.map(({ bounds }) => at(bounds.lower)), upper: found.map(({ bounds }) => at(bounds.upper)) }),
      };
    };
    const here = isChoice ? places.indexOf(values[f]) : values[f];
    const figureOf = (drawn, lines) => figure(
      `${drawn[0].toUpperCase()}${drawn.slice(1)} as ${field.name} alone changes${banded ? ', with 90 % intervals' : ''}`,
      drawing({
        label: `${drawn} against ${field.name}`, lines, x: isChoice ? places.map((_, i) => i) : places,
        ...(isChoice && { names: places.map((place) => (field.options.length === 1 && place !== MISSING ? 'given' : place)) }),
        ...(here !== MISSING && { here }), ...(field.type === 'date' && { textOf: (days) => dateText(days, { order: 'iso' }) }),
        ...(classes && { domain: [0, 1] }),
      }),
    );
    const levels = classes?.slice(classes.length === 2 ? 1 : 0, MAX_LINES);
    if (levels) return [figureOf(`probability of ${levels.join(', ')}`, levels.map(lineOf))];
    return numbers.slice(0, page.drawn).map(({ name, what }) => figureOf(what, [lineOf(several ? name : undefined)]));
  }

  /** P(T > t) up to where little is left. */
  function survival(row) {
    const [below, { upper }] = [distribution(row), interval(row)];
    const times = Array.from({ length: 61 }, (_, i) => (upper * i) / 60);
    return figure(`Probability that ${target} is longer than a time`,
      drawing({ label: `probability that ${target} is longer`, x: times, lines: [{ y: times.map((t) => 1 - below(t)) }], domain: [0, 1] }));
  }

  function pictures() {
    const row = rowOf(values);
    const parts = [...(classes ? [bars(row)] : []), ...(timed && distribution ? [survival(row)] : []),
      ...(shown > 0 ? along(moved) : [])];
    picture.replaceChildren(...parts);
  }

  function update() {
    try {
      output.replaceChildren(...told(rowOf(values)));
      output.className = '';
      clearTimeout(timer);
      timer = setTimeout(pictures, 60);
    } catch (error) {
      output.textContent = error.message;
      output.className = 'error';
      picture.replaceChildren();
    }
  }

  function reset() {
    fields.slice(0, shown).forEach((field, f) => {
      if (field.type === 'date') show(f, field.start);
      if (field.type !== 'choice') part(f, '-slider').value = field.start;
      read(f);
    });
    update();
  }

  form.addEventListener('input', ({ target: { id } }) => {
    moved = Number(/^try-(\d+)/.exec(id)[1]);
    read(moved, document.getElementById(id));
    update();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  // The fields are set back after the event.
  form.addEventListener('reset', () => setTimeout(reset));
  reset();
}
