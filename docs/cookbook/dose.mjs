/**
 * A blood-pressure drug in 600 patients as doctors gave it: rather to the old and the ill. It lowers the pressure by 8; age and
 * severity raise it. Of six markers one, renin, matters.
 */
import { draws, printCsv } from './random.mjs';

const { uniform, normal } = draws(5);

printCsv(Array.from({ length: 600 }, () => {
  const age = 55 + 12 * normal();
  const severity = 0.5 * (age - 55) / 12 + normal();
  const drug = uniform() < 1 / (1 + Math.exp(-0.9 * (age - 55) / 12 - 1.2 * severity)) ? 1 : 0;
  const renin = normal();
  const pressure = 140 - 8 * drug + 6 * (age - 55) / 12 + 7 * severity + 3 * renin + 9 * normal();
  const markers = Object.fromEntries(['sodium', 'potassium', 'urea', 'glucose', 'lipase'].map((name) => [name, normal().toFixed(2)]));
  return {
    drug, age: age.toFixed(0), severity: severity.toFixed(2), renin: renin.toFixed(2), ...markers, pressure: pressure.toFixed(0),
  };
}));
