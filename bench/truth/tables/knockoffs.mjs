// False discoveries of the knockoff filter, and of the probabilities alone, on the same sets.
import { selectInputs as selectFeatures } from 'bnnc/parts';
import { spread, table } from '../format.mjs';
import { recovery } from '../statistics.mjs';

const named = (rows) => rows.map(({ input }) => input);
const RULES = [
  ...[0.1, 0.2].map((rate) => [`knockoffs, rate ${rate}`, ({ copies }) => named(copies.filter(({ fdr }) => fdr <= rate))]),
  ['PIP ≥ 0.5', ({ pips }) => named(selectFeatures(pips, { threshold: 0.5 }))],
  ['`--fdr 0.1`', ({ pips }) => named(selectFeatures(pips, { fdr: 0.1 }))],
];

export const knockoffs = (study) => table(
  ['variant', 'sets', 'selected by', 'inputs selected', 'realised FDR', 'share of the true inputs found', 'sets without a selection'],
  study.pairs(study.rowsOf('KNOCKOFFS')).flatMap(({ variant, records }) => RULES.map(([rule, selectedOf]) => {
    const selected = records.map(selectedOf);
    const each = records.map(({ truth }, at) => recovery(selected[at], truth));
    return [variant, records.length, rule, spread(selected.map(({ length }) => length)), spread(each.map(({ fdr }) => fdr)),
      spread(each.map(({ tpr }) => tpr)), selected.filter(({ length }) => length === 0).length];
  })),
);
