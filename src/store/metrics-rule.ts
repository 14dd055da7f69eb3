/** What metrics.json must look like: whoever reads it may then take what its type promises. */

import type { ClassFigures } from '../likelihood/index.js';
import type { TargetFigures } from '../inference/predictive/evaluate.js';
import {
  count, flag, list, looseRecord, mapping, number, oneOf, optional, orNull, pair, text, type Fault, type Rule,
} from '../rules.js';
import type { ModelMetrics, RunMetrics } from '../work/run-metrics.js';
import type { Gain, RowsVerdict } from '../work/verdict.js';

/** Makes the compiler ask for a rule here when a type gains a key. */
type Rules<T> = Record<keyof T, Rule<unknown>>;

const any = number();
const share = number({ min: 0, max: 1 });
const texts = list(text);

/** JSON has null for a figure that is no number. */
const figures = mapping(orNull(any));
const needed = looseRecord({ rows: any, nll: any });
const metrics: Rule<unknown> = (value) => [...needed(value), ...(needed(value).length > 0 ? [] : figures(value))];
const bySplit = <T>(rule: Rule<T>): Rule<unknown> =>
  looseRecord({ train: optional(rule), validation: optional(rule), test: optional(rule) });

const classes = list(looseRecord({
  class: text, rows: count(), precision: optional(any), recall: optional(any), f1: optional(any), auc: optional(any),
  predicted: mapping(count()),
} satisfies Rules<ClassFigures>));
const targets = list(looseRecord({ target: text, metrics } satisfies Rules<TargetFigures>));

const elbo = looseRecord({ elbo: any, logLikelihood: any, kl: any, standardError: orNull(any) });
const size = looseRecord({ parameters: any, nonZero: any, multiplyAdds: any });
const ofModel = {
  elbo: optional(elbo), splits: bySplit(metrics), classes: optional(bySplit(classes)), targets: optional(bySplit(targets)),
  decisionThreshold: optional(share), size,
} satisfies Rules<ModelMetrics>;
const model = looseRecord(ofModel);

const parts = <T>(rule: Rule<T>) => ({ column: text, train: rule, validation: rule, test: rule });
const division = looseRecord({
  group: optional(looseRecord(parts(any))), time: optional(looseRecord(parts(orNull(pair(text))))), left: any,
});
const leakage = looseRecord({
  nearRows: optional(looseRecord({ share: any, rows: any, column: optional(text) })),
  alike: optional(looseRecord({ column: text, share: any })),
  determining: optional(looseRecord({ input: text, by: oneOf('order', 'levels', 'line') })),
});
const bytes = looseRecord({ before: any, after: any, gzip: looseRecord({ before: any, after: any }) });
const sizes = looseRecord({ before: size, after: size, onnxBytes: bytes });

const gain = looseRecord({ mean: any, lower: any, upper: any } satisfies Rules<Gain>);
const heldOut = looseRecord({
  kind: oneOf('better-than-linear', 'linear-enough', 'nothing-found', 'worse-than-linear', 'worse-than-guessing', 'undecided'),
  rows: any, detectable: orNull(any), overNoInputs: gain, overLinear: optional(gain), linearOverNoInputs: optional(gain),
} satisfies Rules<RowsVerdict>);
const splitOf = looseRecord({ split: oneOf('test', 'validation') });
const verdict: Rule<unknown> = (value) =>
  ((value as { kind?: unknown } | null)?.kind === 'no-held-out-rows' ? [] : [...heldOut(value), ...splitOf(value)]);

const baseline = looseRecord({
  output: optional(list(orNull(any))), noiseVariance: optional(any), splits: bySplit(metrics),
  targets: optional(bySplit(targets)),
});
const restart = looseRecord({
  name: optional(text), gates: oneOf('both', 'node', 'weight', 'none'), elbo, bound: optional(any),
  inputs: optional(texts), chosen: flag,
});
const search = looseRecord({
  evidence: any, logPosterior: any, units: any, structures: any, material: any, dense: optional(any),
  steps: looseRecord({ climb: any, burn: any, counted: any }), chains: list(looseRecord({ start: text, fits: any })),
  unstable: texts,
});

const whole = looseRecord({
  schemaVersion: oneOf(1), division: optional(division), leakage: optional(leakage),
  held: optional(bySplit(looseRecord({ rows: count(), of: count() }))), baseline: optional(baseline),
  linear: optional(model), dense: optional(model), full: model, median: looseRecord({ ...ofModel, inputs: texts }),
  background: optional(looseRecord({ share: any, named: optional(any) })), restarts: list(restart), search: optional(search),
  variational: optional(model),
  temperature: optional(looseRecord({ chosen: any, tried: list(looseRecord({ temperature: any, nll: any })) })),
  sizes: optional(sizes), verdict: optional(verdict),
} satisfies Rules<RunMetrics>);

/** The faults of a metrics.json of this or an earlier version. */
export const metricsFaults = (value: unknown): readonly Fault[] => whole(value);
