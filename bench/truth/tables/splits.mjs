// The UCI sets beside the published figures on the same splits.
import { MEAN_FIELD_NLL, PUBLISHED_NLL, PUBLISHED_RMSE } from '../anchors.mjs';
import { spread, table } from '../format.mjs';
import { figure } from '../judge.mjs';

export function standardSplits(study) {
  const ours = study.variants.map((variant) => `pruned, ${variant}`);
  const own = (id, of) => study.variants.map((variant) => spread(study.of(id, variant).map(of)));
  const fixed = (values) => values.map((value) => value.toFixed(2));
  const rows = study.rowsOf('E6');
  const rmse = rows.map(({ id, title }) =>
    [title, ...own(id, (record) => figure(record, 'pruned')), ...PUBLISHED_RMSE[id].map((pair) => fixed(pair).join(' ± '))]);
  const nll = rows.map(({ id, title }) =>
    [title, ...own(id, ({ metrics }) => metrics.pruned.nll), ...fixed([...PUBLISHED_NLL[id], MEAN_FIELD_NLL[id]])]);
  const published = ['PBP 2015', 'MC dropout 2016', 'deep ensembles 2017'];
  return ['RMSE:', '', ...table(['data', ...ours, ...published, 'MC dropout, tuned, 2018'], rmse),
    'Negative log-likelihood:', '', ...table(['data', ...ours, ...published, 'mean-field VI'], nll)];
}
