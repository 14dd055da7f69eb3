/** What a report shows of a run that never was: a random posterior, its pruned network, drawn rows. */
import { onnxBytes } from '../../src/export/index.js';
import { CompressedPredictor } from '../../src/inference/predictive/compressed-draws.js';
import { dependence } from '../../src/inference/predictive/dependence.js';
import { classesOf, likelihoodOf, numberLikelihoodOf, outputsFor } from '../../src/likelihood/index.js';
import { evaluateDraws } from '../../src/inference/predictive/evaluate.js';
import { inclusion } from '../../src/inference/inclusion/inclusion.js';
import { prune } from '../../src/inference/prune/prune.js';
import { Stream } from '../../src/random.js';
import type { ReportData } from '../../src/report/gather.js';
import { correlationMap } from '../../src/report/correlations.js';
import { interactions } from '../../src/inference/predictive/interaction.js';
import { diagnose } from '../../src/diagnose/index.js';
import type { Encoder, Target, Task } from '../../src/types.js';
import { encoderFor, randomPosterior, randomRows } from './random-posterior.js';
import { healthyState, input } from './run-state.js';
import { withGates } from '../../src/model/gates.js';

export interface MadeUp {
  task: Task;
  /** Of a task that encoderFor has none of. */
  target?: Target;
  /** Encoded columns of each input. */
  features?: number[];
  hidden?: number[];
  /** Of the inputs. */
  names?: string[];
}

const ROWS = 40;

export function reportData({ task, target, features = [1, 3, 1], hidden = [5], names = [] }: MadeUp): ReportData {
  const gated = randomPosterior({ seed: 3, task, activation: 'tanh', gates: 'both', features, hidden });
  const layers = gated.layers.map((layer) => ({ ...layer, alpha: layer.alpha.map((p, w) => (w % 3 ? p : 1)) }));
  const posterior = { ...withGates(gated, ({ z }) => z.map(() => 1)), layers };
  const plain = encoderFor(task, features, target);
  const renamed = plain.features.map((feature, f) => ({ ...feature, name: names[f] ?? feature.name }));
  const encoder: Encoder = { ...plain, features: renamed };
  const stream = Stream.fromSeed('report data');
  const pips = inclusion(posterior, { samples: 200, stream });
  const { model, report: { before, after } } = prune(posterior, pips, encoder, { threshold: 0.5, level: 'all' });
  const predictor = new CompressedPredictor(model, 16, stream);
  const x = randomRows(4, ROWS, model.layers[0].inputs);
  const classes = classesOf(encoder.target)?.length ?? 0;
  const counted = numberLikelihoodOf(encoder.target)?.whole;
  const timed = likelihoodOf(task).takes?.includes('events');
  const y = Float32Array.from(stream.normals(ROWS), (value, n) =>
    (classes ? n % classes : counted ? Math.floor(Math.exp(value)) : timed ? Math.exp(value) : value));
  const events = timed ? Uint8Array.from(y, (_, n) => Number(n % 3 > 0)) : undefined;
  const known = { ...(events && { events }) };
  const outputs = outputsFor(predictor.outputs(x), encoder.target, known);
  const metrics = evaluateDraws(outputs, y, encoder.target, known);
  const splits = { train: { ...metrics, rows: 300 }, validation: metrics, test: metrics };
  const state = healthyState();
  const whole = { ...state.metrics.dense!, splits, size: before };
  const run: ReportData = {
    ...state, run: 'runs/a', encoder, posterior, model, steps: 4000, rows: { train: 300, validation: ROWS, test: ROWS }, findings: [],
    manifest: {
      schemaVersion: 1, bnnc: '0.1.0', versions: {}, engine: { name: 'tensorflow', threads: 1 }, argv: [], seed: 1,
      data: { path: '/data/houses.csv', sha256: '0', rows: 380 }, target: encoder.target.name, task, started: '2026-01-01T00:00:00.000Z',
      finished: '2026-01-01T00:01:00.000Z', seconds: {}, files: {},
    } as unknown as ReportData['manifest'],
    config: {
      ...state.config, model: { hidden, activation: 'tanh', gates: 'both' }, train: { temperature: 1, restarts: 2, seed: 1 },
    } as unknown as ReportData['config'],
    metrics: {
      ...state.metrics, dense: whole, full: whole, median: { ...whole, inputs: model.encoder.features.map(({ name }) => name) },
    },
    inputs: encoder.features.map(({ name }, f) => input(name, pips.inputs[f])),
    sizes: { before, after, onnxBytes: onnxBytes(posterior, encoder, model, '0.1.0') },
    curve: {
      points: [0.1, 0.5, 0.9].map((threshold, at) => ({
        threshold, from: threshold, to: threshold + 0.1, inputs: 3 - at, nodes: 5 - at, weights: 20 - 5 * at,
        parameters: 30 - 5 * at, onnxBytes: 4000 - 1000 * at, validation: { ...metrics, nll: metrics.nll + at / 10 },
      })),
      choice: { rule: 'one-standard-error', rows: ROWS, best: 0.1, chosen: 0.5 }, missing: {},
    },
    effects: model.encoder.features.map((_, f) => dependence(model.encoder, x, (changed) => predictor.outputs(changed), f)),
    joint: {
      ...interactions({
        features: model.encoder.features, target: encoder.target, x, outputs: (changed) => predictor.outputs(changed),
      }, [...model.encoder.features.keys()], [...model.encoder.features.keys()]),
      rows: ROWS, compared: model.encoder.features.length, kept: model.encoder.features.length,
    },
    correlations: correlationMap(encoder, randomRows(5, ROWS, features.reduce((sum, columns) => sum + columns, 0)), undefined,
      encoder.features.map(({ name }, f) => input(name, pips.inputs[f])), []),
    training: { y, weights: undefined, events },
    heldOut: { split: 'test', outputs, y },
  };
  return { ...run, findings: diagnose(run) };
}
