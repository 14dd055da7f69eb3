/** What the leakage watch found, in words. */
import { shorten, yamlText } from '../../data/wording.js';
import type { Leakage } from './leakage.js';

/** As a finding of a diagnosis. */
export interface LeakageFinding {
  code: 'near-rows' | 'alike-rows' | 'determining-input';
  severity: 'warning';
  text: string;
  remedy: string;
}

const HOW = { order: 'each class has values of its own', levels: 'rows of one level have one target', line: 'the target is a line in it' };

export function leakageFindings({ nearRows, alike, determining }: Leakage = {}): LeakageFinding[] {
  const found: LeakageFinding[] = [];
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  if (nearRows) {
    const { share, column } = nearRows;
    found.push({
      code: 'near-rows', severity: 'warning',
      text: `${percent(share)} of the held-out rows looked at have a nearly equal training row`
        + `${column === undefined ? '' : `, of the same '${shorten(column)}'`}: metrics are too good for new rows, and PIPs too high`,
      remedy: column === undefined
        ? 'Name the column that says which rows belong together in data.split.group, or remove copies.'
        : `Set data.split.group: ${yamlText(column)}.`,
    });
  }
  if (alike) {
    found.push({
      code: 'alike-rows', severity: 'warning',
      text: `rows of one '${shorten(alike.column)}' are alike: ${percent(alike.share)} of the held-out rows looked at are nearest to a`
        + ' training row of theirs, so that metrics may be too good for others',
      remedy: `If it is others that are to be predicted, set data.split.group: ${yamlText(alike.column)}.`,
    });
  }
  if (determining) {
    const { input, by } = determining;
    found.push({
      code: 'determining-input', severity: 'warning',
      text: `the input '${shorten(input)}' alone determines the target: ${HOW[by]}`,
      remedy: `Check whether it is known before the target; if not, leave it out (data.columns: {${yamlText(input)}: {kind: ignore}}).`,
    });
  }
  return found;
}

/** A finding in one line. */
export const leakageLines = (leakage: Leakage | undefined): string[] =>
  leakageFindings(leakage).map(({ text, remedy }) => `${text}. ${remedy}`);
