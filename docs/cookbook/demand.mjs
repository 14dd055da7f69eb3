/** Electricity demand of a town on 730 days: high on cold days and hot ones, lower on weekends, and rising by 5 a year. */
import { draws, printCsv } from './random.mjs';

const { uniform, normal } = draws(13);

printCsv(Array.from({ length: 730 }, (_, day) => {
  const date = new Date(Date.UTC(2023, 0, 1 + day));
  const temperature = 12 - 11 * Math.cos(2 * Math.PI * (day - 15) / 365.25) + 3 * normal();
  const weekend = date.getUTCDay() % 6 === 0;
  const demand = 100 + 1.4 * Math.max(15 - temperature, 0) + 2 * Math.max(temperature - 22, 0) - (weekend ? 9 : 0) + 5 * day / 365
    + 2.5 * normal();
  return {
    date: date.toISOString().slice(0, 10),
    day,
    temperature: temperature.toFixed(1),
    weekend: weekend ? 'yes' : 'no',
    wind: (4 * -Math.log(1 - uniform())).toFixed(1),
    sunshine: (8 * uniform()).toFixed(1),
    demand: demand.toFixed(1),
  };
}));
