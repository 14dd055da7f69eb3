// Each target with what each variant came to.
import { table } from '../format.mjs';
import { TARGETS } from '../targets.mjs';

export function targets(study) {
  const verdict = (result) => {
    if (!result) return '–';
    const { figure, met, n, of } = result;
    return `${figure}: **${met ? 'met' : 'not met'}**${n < of ? ` so far, ${n} of ${of} cells` : ''}`;
  };
  return table(['row', 'target', ...study.variants], TARGETS.map(({ row, text, judge }) =>
    [row, text, ...study.variants.map((variant) => verdict(judge(study, variant)))]));
}
