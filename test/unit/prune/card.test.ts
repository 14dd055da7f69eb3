import { describe, expect, it } from 'vitest';
import { modelCard, type CardFacts, type Figure } from '../../../src/prune/card.js';
import { cardText } from '../../../src/prune/card-text.js';
import type { Metrics } from '../../../src/likelihood/index.js';
import { withVerdict } from '../../../src/inference/inclusion/verdict.js';
import { wilson } from '../../../src/inference/inclusion/reliability.js';
import type { Config } from '../../../src/config/schema.js';

const NAME = 'a`b|c';
const size = (parameters: number): CardFacts['report']['before'] => ({ parameters, nonZero: parameters, multiplyAdds: parameters - 1 });

function facts(temperature: Config['train']['temperature'], noMetrics?: string): CardFacts {
  const encoder: CardFacts['model']['encoder'] = {
    schemaVersion: 1, missing: [], dropped: [],
    features: [
      { name: NAME, kind: 'numeric', columns: [{ name: NAME, type: 'number', mean: 0, scale: 1, range: [-1.25, 40] }], missing: true },
      { name: 'sex', kind: 'categorical', columns: [{ name: 'sex=f', type: 'level', level: 'f', mean: 0, scale: 1 }], levels: ['f', 'm'] },
    ],
    target: { name: 'ill', task: 'binary', levels: ['no', 'yes'] },
  };
  const metrics = { rows: 40, nll: 0.1, nllSe: 0.2, accuracy: 0.9, accuracySe: 0.05, ece: 0.03 };
  return {
    model: {
      task: 'binary', activation: 'silu', encoder, noiseVariance: 1, inputPips: [0.98, 0.6], threshold: 0.5,
      layers: [{ inputs: 2, outputs: 1, weight: Float32Array.of(1, 2), weightSd: Float32Array.of(1, 1), bias: Float32Array.of(0), biasSd: Float32Array.of(0), units: ['ill'] }],
    },
    report: {
      schemaVersion: 1, bnnc: '1', run: 'r', threshold: 0.5, level: 'all', inputs: [], candidates: 3, before: size(100), after: size(3), units: [],
      onnxBytes: { before: 9, after: 1, gzip: { before: 9, after: 1 } }, ...(noMetrics ? { noMetrics } : { metrics: { split: 'validation', pruned: metrics, exported: metrics } }),
    },
    files: [{ file: 'model.onnx', bytes: 12, gzip: 10 }],
    manifest: { data: { path: '/somewhere/else/d.csv', sha256: 'ab', rows: 200 }, engine: { name: 'wasm' }, seed: 3, versions: { node: '20' }, bnnc: '1' } as unknown as CardFacts['manifest'],
    config: { data: { weights: null, weightScale: 'mean', classWeights: null }, train: { temperature, restarts: 2 }, model: { gates: 'both' }, prior: { spike: 'dirac' } } as Config,
    metrics: { temperature: { chosen: 0.1, tried: [] }, restarts: ['linear', 'half-open', 'two-stage'].map((name) => ({ name })) } as unknown as CardFacts['metrics'],
    inputs: [['sex', 0.7], [NAME, 0.9], ['noise', 0]].map(([input, pip]) =>
      ({ input: String(input), pip: Number(pip), pipNetwork: 1, pipMin: 0.1, pipMax: 1, unstable: true })),
    sets: [{ source: 'linear', inputs: [{ input: 'twin', probability: 0.6 }, { input: NAME, probability: 0.38 }], purity: 0.95, logBayesFactor: 9 }],
  };
}

describe('the model card', () => {
  it('has the inputs of the model with their probabilities, ranges and credible sets, and names the others', () => {
    const { inputs, leftOut, data, network } = modelCard(facts(1));
    expect(inputs).toEqual([
      { name: NAME, kind: 'numeric', range: [-1.25, 40], missing: true, pip: 0.98, pipAveraged: 0.9, pipMin: 0.1, pipMax: 1, unstable: true, sets: [{ inputs: [{ name: 'twin', probability: 0.6 }, { name: NAME, probability: 0.38 }], purity: 0.95 }] },
      { name: 'sex', kind: 'categorical', levels: ['f', 'm'], missing: false, pip: 0.6, pipAveraged: 0.7, pipMin: 0.1, pipMax: 1, unstable: true, sets: [] },
    ]);
    expect(leftOut).toEqual(['noise']);
    // The file's own name, not where it lay.
    expect(data.name).toBe('d.csv');
    expect(network.widths).toEqual([2, 1]);
    expect(network).not.toHaveProperty('skips');
  });

  it('shows no control characters, and takes no name for markup', () => {
    const given = facts(1);
    const wild = '\u001b[2J<img src=x onerror=alert(1)>``\u202e|\n# h';
    const { encoder } = given.model;
    const renamed = (name: string): string => (name === NAME ? wild : name);
    const features = encoder.features.map((feature) => ({ ...feature, name: renamed(feature.name) }));
    const inputs = given.inputs.map((row) => ({ ...row, input: renamed(row.input) }));
    const model = { ...given.model, encoder: { ...encoder, features, target: { name: wild, task: 'binary' as const, levels: ['<b>', wild] } } };
    const text = cardText(modelCard({ ...given, model, inputs }));
    // eslint-disable-next-line no-control-regex -- these are the characters that are looked for
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    // Code of any fence, and what is escaped, taken away.
    const prose = text.replace(/(`+)[^`](?:.*?[^`])??\1(?!`)/g, '').replace(/\\./g, '');
    expect(prose).not.toMatch(/<img|<b>/);
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
  });

  it('has the verdicts where linear and nonlinear are told apart', () => {
    const given = facts(1);
    expect(cardText(modelCard(given))).toContain('| input | values | PIP | averaged | range |');
    const split = given.inputs.map((row) => withVerdict({ ...row, linear: 0.1 * row.pip, nonlinear: 0.9 * row.pip }));
    const card = modelCard({ ...given, inputs: split });
    expect(card.inputs[1]).toMatchObject({ name: 'sex', verdict: 'nonlinear', linear: 0.1 * 0.7, nonlinear: 0.9 * 0.7 });
    const text = cardText(card);
    expect(text).toContain('| 0.600 | 0.700 | nonlinear 0.63 | 0.100 to 1.000: the fits disagree |');
    expect(text).toContain('Seed 3, 2 restarts and 1 linear fit, gates both');
    expect(card.training).toMatchObject({ restarts: 2, linearFits: 1 });
    expect(text).toContain('The verdict is the most probable');
    expect(text).toContain('Left out: `noise`. This does not show that none of them matters.');
  });

  it('tells from which probability on the balanced accuracy is highest', () => {
    const given = facts(1);
    const card = modelCard({ ...given, model: { ...given.model, decisionThreshold: 0.31 } });
    expect(card.decisionThreshold).toBe(0.31);
    expect(cardText(card)).toContain('From a probability of 0.31 on the balanced accuracy on the training rows is highest.');
    expect(cardText(modelCard(given))).not.toContain('balanced accuracy');
  });

  it('tells by what rows are weighed, and classes in learning', () => {
    const given = facts(1);
    expect(cardText(modelCard(given))).not.toMatch(/weight in|In learning/);
    const config = (data: Partial<Config['data']>): Config => ({ ...given.config, data: { ...given.config.data, ...data } });
    const weighed = modelCard({ ...given, config: config({ weights: 'w', classWeights: 'balanced' }) });
    expect(weighed.data.weights).toEqual({ column: 'w', scale: 'mean' });
    expect(weighed.training.classWeights).toBe('balanced');
    expect(cardText(weighed)).toContain('Rows count by their weight in `w`, in learning and in all figures.');
    expect(cardText(weighed)).toContain('In learning, though in no figure, all classes counted alike.');
    const named = cardText(modelCard({ ...given, config: config({ classWeights: { yes: 2.5 } }) }));
    expect(named).toContain('In learning, though in no figure, rows of `yes` counted 2.5-fold.');
  });

  it('tells what layers read past the layer before', () => {
    const given = facts(1);
    const [output] = given.model.layers;
    const hidden = { ...output, units: ['h2.3'] };
    // The output reads its hidden unit, which is source 2, and the second column.
    const model = { ...given.model, layers: [hidden, { ...output, sources: Int32Array.of(1, 2) }] };
    const card = modelCard({ ...given, model });
    expect(card.network).toMatchObject({ widths: [2, 1, 1], skips: [{ from: 'columns', to: 'outputs', units: 1 }] });
    expect(cardText(card)).toContain('Layers 2-1-1, activation silu; the outputs read 1 encoded column directly.');
    expect(cardText(modelCard(given))).toContain('Layers 2-1, activation silu.');
  });

  it('gives figures with intervals that stay where they can be', () => {
    const { metrics } = modelCard(facts(1));
    const { accuracy, nll, ece } = metrics!.models.pruned!;
    expect(accuracy).toEqual({ value: 0.9, ...wilson(36, 40) });
    expect(nll.lower).toBe(0);
    expect(nll.upper).toBeCloseTo(0.1 + 1.96 * 0.2, 12);
    expect(ece).toEqual({ value: 0.03 });
    expect(metrics!.models.dense).toBeUndefined();
  });

  it.each<[string, Partial<Metrics>, Record<string, Figure>]>([
    ['an RMSE whose error is as large', { rows: 3, nll: -1, nllSe: 1, rmse: 2, rmseSe: 2 },
      { rmse: { value: 2, lower: 0, upper: 5.92 }, nll: { value: -1, lower: -2.96, upper: 0.96 } }],
    ['one row, which tells no error', { rows: 1, nll: 2, nllSe: 0, rmse: 3, rmseSe: 0 }, { rmse: { value: 3 }, nll: { value: 2 } }],
  ])('gives figures of a number without impossible intervals: %s', (_name, figures, expected) => {
    const { report, model, ...rest } = facts(1);
    const measured = figures as Metrics;
    const target = { name: 'y', task: 'regression' as const, mean: 0, scale: 1 };
    const numeric = { ...model, encoder: { ...model.encoder, target } };
    const { metrics } = modelCard({ ...rest, model: numeric, report: { ...report, metrics: { split: 'test', pruned: measured, exported: measured } } });
    expect(metrics!.models.pruned).toEqual(expected);
  });

  it.each([[1, 0], [0.3, 1], ['auto', 1]] as const)('warns of probabilities at temperature %s', (temperature, warnings) => {
    const { limits, pruning } = modelCard(facts(temperature));
    expect(limits.filter((limit) => limit.includes('temperature'))).toHaveLength(warnings);
    expect(pruning.temperature).toBe(temperature === 'auto' ? 0.1 : temperature);
  });

  it('says why there are no figures', () => {
    const card = modelCard(facts(1, 'the data are gone'));
    expect(card.metrics).toBeUndefined();
    expect(cardText(card)).not.toContain('## Figures');
    expect(cardText(card)).toContain('the data are gone');
  });

  it('tells of a number of which only the indicator of missing cells is left', () => {
    const { model, ...rest } = facts(1);
    const [number, sex] = model.encoder.features;
    const columns = [{ name: `${NAME}=missing`, type: 'missing' as const, mean: 0.2, scale: 0.4 }];
    const encoder = { ...model.encoder, features: [{ ...number, columns }, sex] };
    const card = modelCard({ ...rest, model: { ...model, encoder } });
    expect(card.inputs[0]).not.toHaveProperty('range');
    expect(cardText(card)).toContain('| ``a`b\\|c`` | whether it is missing | 0.980 |');
  });

  it('has the name of the target in its title as it is', () => {
    const { model, ...rest } = facts(1);
    const target = { ...model.encoder.target, name: 'a &lt; b|<i>~c~$d$\n# e' };
    const text = cardText(modelCard({ ...rest, model: { ...model, encoder: { ...model.encoder, target } } }));
    expect(text.split('\n')[0]).toBe('# Model card: a \\&lt; b\\|\\<i\\>\\~c\\~\\$d\\$ \\# e');
  });

  it('reads as Markdown whatever the names are', () => {
    const text = cardText(modelCard(facts(1)));
    expect(text).toContain('| `` a`b\\|c `` | -1.25 to 40, or missing | 0.980 |'.replace('`` a`b\\|c ``', '``a`b\\|c``'));
    const [header, rule, ...rows] = text.split('\n').filter((line) => line.startsWith('|')).slice(0, 4);
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    expect([rule, ...rows].map(cells)).toEqual([rule, ...rows].map(() => cells(header)));
  });
});
