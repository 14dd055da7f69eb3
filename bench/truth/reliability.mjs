// Whether inclusion probabilities mean what they say, over simulated sets.
import { selectInputs as selectFeatures } from 'bnnc/parts';
import { recovery, reliability } from './statistics.mjs';

/** Bins and expected calibration error of the PIPs of all inputs of all sets. */
export function calibration(records) {
  const pips = records.flatMap((record) => record.pips);
  return reliability(pips.map(({ pip }) => pip), pips.map((row) => row.true));
}

/** The same for those that are not as good as decided. */
export function undecided(records) {
  const pips = records.flatMap((record) => record.pips).filter(({ pip }) => pip > 0.01 && pip < 0.99);
  return { count: pips.length, ...(pips.length > 0 && reliability(pips.map(({ pip }) => pip), pips.map((row) => row.true))) };
}

/** False discoveries and power of each set, selected at a Bayesian false discovery rate; power where something is true. */
export function discoveries(records, level) {
  const each = records.map(({ pips, truth }) => {
    const selected = selectFeatures(pips, { fdr: level }).map(({ input }) => input);
    return { truth, ...recovery(selected, truth) };
  });
  return { fdr: each.map(({ fdr }) => fdr), power: each.filter(({ truth }) => truth.length > 0).map(({ tpr }) => tpr) };
}
