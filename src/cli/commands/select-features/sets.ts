/** `bnnc select-features --sets`: the credible sets, and which of their inputs the rule selects. */

import type { FeatureSelection } from '../../../api/select-features.js';
import { tableText } from '../../../api/output.js';
import { purityText, wrapped } from '../../../text/sets.js';
import { oneLine, plural, textTable } from '../../table.js';

/** Inputs of a set that a person reads. */
const MAX_INPUTS = 20;
const WIDTH = 80;

/** A table of the sets, and a line about the selected inputs that are in none. */
export function setsText({ sets = [], selected }: FeatureSelection): string {
  const rows = sets.flatMap(({ source, inputs, purity, logBayesFactor = NaN }, at) => {
    const members = inputs.slice(0, MAX_INPUTS).map((row, member) => [
      String(at + 1), oneLine(row.input), row.probability.toFixed(3), row.pip.toFixed(3), row.selected ? 'yes' : 'no',
      ...(member === 0 ? [inputs.length === 1 ? '' : purityText(purity), source, Number.isNaN(logBayesFactor) ? '' : logBayesFactor.toFixed(1)] : []),
    ]);
    const rest = inputs.length - members.length;
    return rest > 0 ? [...members, [String(at + 1), `... ${rest} more`]] : members;
  });
  const header = ['set', 'one of', 'p', 'PIP', 'selected', '|r|', 'found by', 'log BF'];
  const table = rows.length > 0 ? textTable([header, ...rows]) : 'no credible sets\n';
  const alone = selected.filter((row) => row.sets?.length === 0).map(({ input }) => oneLine(input));
  if (alone.length === 0) return table;
  return `${table}\n${wrapped(`${plural(alone.length, 'selected input')} in no set: ${alone.join(', ')}`, WIDTH, '  ').join('\n')}\n`;
}

/** A row for each input of each set; `selected` is 1 for those that pass the rule, 0 for the others. */
export function setsCsv({ sets = [] }: FeatureSelection, safe?: boolean): string {
  return tableText(['set', 'source', 'input', 'probability', 'purity', 'log_bayes_factor', 'pip', 'selected'],
    sets.flatMap(({ source, inputs, purity, logBayesFactor = NaN }, at) => inputs.map(({ input, probability, pip, selected }) =>
      [at + 1, source, input, probability, purity, logBayesFactor, pip, Number(selected)])), safe);
}
