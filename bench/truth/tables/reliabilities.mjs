// Whether the probabilities mean what they say, bin by bin.
import { number, spread, table } from '../format.mjs';
import { calibration, discoveries, undecided } from '../reliability.mjs';

export const reliabilities = (study) => study.pairs(study.rowsOf('RELIABILITY')).flatMap(({ variant, records }) => {
  const { rows, ece } = calibration(records);
  const between = undecided(records);
  const { fdr, power } = discoveries(records, 0.1);
  const bins = rows.map(({ from, to, count, pip, share }) =>
    [`${from.toFixed(1)} to ${to.toFixed(1)}`, count, count ? pip.toFixed(3) : '–', count ? share.toFixed(3) : '–']);
  const middle = between.count > 0 ? `${number(between.ece)} over the ${between.count} between .01 and .99` : 'none lies between .01 and .99';
  return [`### ${variant}, ${records.length} sets`, '', ...table(['PIP', 'inputs', 'mean PIP', 'share that is true'], bins),
    `Expected calibration error ${number(ece)} over all inputs; ${middle}. Selected at \`--fdr 0.1\`: realised FDR ${spread(fdr)}, `
      + `power ${spread(power)}.`, ''];
});
