/**
 * 2000 machines, of which 4 % fail within a month: hot, shaky and old ones. Load, humidity and site do not matter. An argument is
 * the seed.
 */
import { draws, printCsv } from './random.mjs';

const { uniform, normal } = draws(Number(process.argv[2] ?? 8));

printCsv(Array.from({ length: 2000 }, (_, n) => {
  const [temperature, vibration, load, humidity] = [normal(), normal(), normal(), normal()];
  const age = 10 * uniform();
  const risk = 1 / (1 + Math.exp(5.2 - 1.2 * temperature - 0.9 * vibration - 0.15 * age));
  return {
    temperature: (60 + 8 * temperature).toFixed(1),
    vibration: (2 + 0.4 * vibration).toFixed(2),
    age: age.toFixed(1),
    load: (70 + 12 * load).toFixed(0),
    humidity: (45 + 10 * humidity).toFixed(0),
    site: ['north', 'south', 'west'][n % 3],
    failed: uniform() < risk ? 'yes' : 'no',
  };
}));
