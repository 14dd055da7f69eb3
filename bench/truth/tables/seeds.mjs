// What several seeds select on the same rows.
import { agreement } from '../agreement.mjs';
import { table } from '../format.mjs';

export function seeds(study) {
  const rows = study.pairs(study.rowsOf('SEEDS')).map(({ protocol: { title }, variant, records }) => {
    const { figure, met, sets, disputed } = agreement(records);
    const each = disputed.map(({ input, selected, warned }) => `${input} (selected ${selected}, spread crosses .5 in ${warned})`);
    const listed = sets.map(([names, count]) => `${count} × {${names}}`).join('; ');
    return [title, variant, listed, each.join(', ') || 'none', `${figure}: **${met ? 'met' : 'not met'}**`];
  });
  return table(['data', 'variant', 'sets selected', 'inputs in dispute', 'verdict'], rows);
}
