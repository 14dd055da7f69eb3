// What is aimed at. A target judges the records of one variant: { figure, met, n, of }; met is undefined where nothing ran.
import { comparable, paired } from './groups.mjs';
import { figure, recoveryOf } from './judge.mjs';
import { number, percent } from './format.mjs';
import { protocolOf, PROTOCOLS } from './protocols.mjs';
import { calibration, discoveries } from './reliability.mjs';
import { agreement } from './agreement.mjs';
import { MEAN_FIELD_NLL, PUBLISHED_RMSE } from './anchors.mjs';
import { mean } from './statistics.mjs';

const counted = (name, holds) => (share) => (records) => {
  const k = records.filter(holds).length;
  return { figure: `${name} ${k}/${records.length}`, met: k >= share * records.length };
};
const exact = counted('exact', (record) => recoveryOf(record).exact);
const clean = counted('no false input', (record) => recoveryOf(record).wrong === 0);
const averaged = (name, of, holds) => (records) => {
  const value = mean(records.map(of));
  return { figure: `${name} ${number(value)}`, met: holds(value) };
};
const atMost = (name, limit) => averaged(name, (record) => figure(record, 'pruned'), (value) => value <= limit);
const atLeast = (name, limit) => averaged(name, (record) => figure(record, 'pruned'), (value) => value >= limit);
const rates = [
  averaged('TPR', (record) => recoveryOf(record).tpr, (value) => value >= 0.9),
  averaged('FDR', (record) => recoveryOf(record).fdr, (value) => value <= 0.05),
];

/** A target of one row: all checks hold. */
const ofRow = (row, text, ...checks) => ({
  row, text,
  judge: (study, variant) => {
    const records = study.of(row, variant);
    if (records.length === 0) return undefined;
    const results = checks.map((check) => check(records));
    const figures = results.map((result) => result.figure).join('; ');
    return { figure: figures, met: results.every(({ met }) => met), n: records.length, of: protocolOf(row).seeds };
  },
});

/** A target of several rows: a test of each, and how many have to pass. */
const ofRows = (row, text, rows, test, enough) => ({
  row, text,
  judge: (study, variant) => {
    const cells = rows.map(({ id, seeds }) => ({ id, of: seeds, records: study.of(id, variant) }));
    const judged = cells.filter(({ records }) => comparable(records))
      .map(({ id, records }) => ({ id, passed: test(id, records) }));
    if (judged.length === 0) return undefined;
    const failed = judged.filter(({ passed }) => !passed).map(({ id }) => id);
    const figures = `${judged.length - failed.length} of ${judged.length} rows${failed.length > 0 ? `, not ${failed.join(', ')}` : ''}`;
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    return {
      figure: figures, met: enough(judged.length - failed.length, judged.length),
      n: sum(cells.map(({ records }) => records.length)), of: sum(cells.map(({ of }) => of)),
    };
  },
});
const all = (passed, rows) => passed === rows;
const most = (passed, rows) => passed > rows / 2;
const grouped = (...groups) => PROTOCOLS.filter(({ group, light }) => groups.includes(group) && !light);
const real = grouped('E5', 'E7', 'E9', 'CLASS');
const e6 = grouped('E6');
const everyE = PROTOCOLS.filter(({ group, light }) => group.startsWith('E') && !light);
const nll = (records, model) => mean(records.map(({ metrics }) => metrics[model].nll));

const SEEDED = grouped('SEEDS').map(({ id }) =>
  ofRow(id, 'the same inputs in ≥ 4 of 5, or the spread of the PIPs says so', agreement));

export const TARGETS = [
  ofRow('E1', 'exactly x1–x5 in 10/10; test MSE of the pruned network ≤ 1.6', exact(1), atMost('MSE', 1.6)),
  ofRow('E2', 'exactly x1–x5 in ≥ 9/10; test MSE of the pruned network ≤ 1.2', exact(0.9), atMost('MSE', 1.2)),
  ofRow('E4a', 'RMSE of the pruned network ≤ .105; exactly the three inputs in ≥ 19/20', atMost('RMSE', 0.105), exact(0.95)),
  ofRow('E4b', 'accuracy of the pruned network ≥ .84; only true inputs in ≥ 18/20', atLeast('accuracy', 0.84), clean(0.9)),
  ofRow('E8-1000-20', '5/5 and 0 false in 20/20', exact(1)),
  ofRow('E8-1000-50', '5/5 and 0 false in 20/20', exact(1)),
  ofRow('E8-300-20', 'exact in ≥ 19/20', exact(0.95)),
  ofRow('E8-300-50', 'exact in ≥ 15/20', exact(0.75)),
  ofRow('E8-300-100', 'mean TPR ≥ .9, FDR ≤ .05', ...rates),
  ofRow('RELIABILITY', 'expected calibration error of PIPs ≤ .05', (records) => {
    const { ece } = calibration(records);
    return { figure: `ECE ${number(ece)}`, met: ece <= 0.05 };
  }),
  ofRow('RELIABILITY', 'realised FDR at `--fdr 0.1` ≤ .1', (records) => {
    const { fdr } = discoveries(records, 0.1);
    return { figure: `FDR ${percent(mean(fdr))}`, met: mean(fdr) <= 0.1 };
  }),
  ofRows('E6', 'RMSE of the pruned 1×50 network ≤ PBP and MC dropout (2016) on ≥ 5 of 7', e6, (id, records) =>
    PUBLISHED_RMSE[id].slice(0, 2).every(([rmse]) => mean(records.map((record) => figure(record, 'pruned'))) <= rmse), (k) => k >= 5),
  ofRows('E6', 'NLL of the pruned network ≤ mean-field VI on 7 of 7', e6, (id, records) =>
    nll(records, 'pruned') <= MEAN_FIELD_NLL[id], all),
  ofRows('E5, E7, E9, CLASS', 'pruned ≥ dense − 0.5 paired standard errors on every one', real, (_, records) =>
    paired(records, 'pruned', 0.5).verdict !== 'worse', all),
  ofRows('E5, E7, E9, CLASS', 'pruned better than dense on most', real, (_, records) => paired(records, 'pruned').mean > 0, most),
  ofRow('E7', 'pruned and fine-tuned ≥ dense and ≥ 92 % with ≤ 1,000 weights',
    averaged('fine-tuned − dense', (record) => figure(record, 'tuned') - figure(record, 'dense'), (value) => value >= 0),
    averaged('accuracy', (record) => figure(record, 'tuned'), (value) => value >= 0.92),
    averaged('weights', ({ weights }) => weights.tuned, (value) => value <= 1000)),
  ofRows('all E rows', 'pruned better than or equal to dense within one paired standard error on every row', everyE, (_, records) =>
    paired(records, 'pruned').verdict !== 'worse', all),
  ofRows('all E rows', 'the same of the pruned and fine-tuned network', everyE, (_, records) =>
    paired(records, 'tuned').verdict !== 'worse', all),
  ...SEEDED,
];
