import { describe, expect, it } from 'vitest';
import { findingsText, warningLines } from '../../../src/cli/commands/inspect/findings.js';
import type { Metrics } from '../../../src/likelihood/index.js';
import { diagnose, type RunState } from '../../../src/diagnose/index.js';
import { trend } from '../../../src/diagnose/training.js';
import type { Posterior } from '../../../src/types.js';
import { randomPosterior } from '../../helpers/random-posterior.js';
import { course, healthyState, input, setOf } from '../../helpers/run-state.js';
import { gatedLayers, posteriorOfLayers } from '../../helpers/gated-layers.js';

type Change = (state: RunState) => Partial<RunState>;

const spoilt = (change: Change): RunState => ({ ...healthyState(), ...change(healthyState()) });
const codes = (change: Change): string[] => diagnose(spoilt(change)).map(({ code, severity }) => `${severity} ${code}`);
const text = (change: Change): string => diagnose(spoilt(change)).map((finding) => `${finding.text} | ${finding.remedy}`).join('\n');

const withMetrics = (change: (metrics: RunState['metrics']) => Partial<RunState['metrics']>): Change =>
  ({ metrics }) => ({ metrics: { ...metrics, ...change(metrics) } });
const held = (more: Partial<Metrics>): Change =>
  withMetrics(({ full }) => ({ full: { ...full, splits: { ...full.splits, test: { ...full.splits.test!, ...more } } } }));
/** As {@link held}, without the metrics of a number. */
const heldOfClasses = (more: Partial<Metrics>): Change => withMetrics(({ full }) => {
  const { rmse: _rmse, rmseSe: _se, ...test } = full.splits.test!;
  return { full: { ...full, splits: { ...full.splits, test: { ...test, ...more } } } };
});
const lead = (nats: number): Change => withMetrics(({ restarts: [best, next] }) =>
  ({ restarts: [best, { ...next, elbo: { ...next.elbo, elbo: best.elbo.elbo - nats } }] }));

/** All gates of layer `l` open, or one of them, with the prior that empirical Bayes then gives. */
const gated = (l: number, node: number, edge = 0.3): Change => () => {
  const posterior: Posterior = randomPosterior({
    seed: 2, task: 'regression', activation: 'tanh', gates: 'both', features: Array(9).fill(1) as number[], hidden: [8],
  });
  const layers = gatedLayers(posterior).map((layer, at) => (at !== l ? layer : {
    ...layer, z: layer.z.map(() => 1), node, alpha: layer.alpha.map(() => 1), prior: { ...layer.prior, edge },
  }));
  return { posterior: posteriorOfLayers({ ...posterior, layers }) };
};

describe('diagnosis', () => {
  it('finds nothing in a healthy run', () => {
    expect(diagnose(healthyState())).toEqual([]);
    expect(findingsText([])).toBe('');
  });

  it.each<[string, Change, string[]]>([
    ['an ELBO that rises', () => ({ history: [course('restart 1', { slope: 1 })] }), ['warning not-converged']],
    ['a rise below 5 nats', () => ({ history: [course('restart 1', { slope: 0.5 })] }), []],
    ['a rise within its noise', () => ({ history: [course('restart 1', { slope: 0.9, noise: 20 })] }), []],
    ['a rise in a restart that was not chosen', () => ({ history: [course('restart 1'), course('r', { slope: 9 })] }), []],
    ['an ELBO that falls', () => ({ history: [course('restart 1', { slope: -2 })] }), ['note falling']],
    ['a short schedule', () => ({ history: [course('restart 1', { rows: 12, slope: 9 })] }), ['note few-steps']],
    ['too few rows of history for a trend', () => ({ history: [{ fit: 'x', rows: course('x').rows.slice(-4) }] }), []],
    ['inputs that only some restarts use', () => ({ inputs: [input('a', 0.9, 0.01, 1), input('b', 1)] }), ['warning restarts-disagree']],
    ['a spread of an input that the average hardly has', () => ({ inputs: [input('a', 0.001, 0, 1), input('b', 1)] }),
      ['warning restarts-disagree']],
    ['a spread of one half', () => ({ inputs: [input('a', 0.5, 0.25, 0.75), input('b', 1)] }), []],
    ['a single restart', withMetrics(({ restarts }) => ({ restarts: [restarts[0]] })), ['note single-restart']],
    ['no input', () => ({ inputs: [input('a', 0.3), input('b', 0.1)] }), ['warning no-inputs']],
    ['noise far below the errors', ({ posterior }) => ({ posterior: { ...posterior, noiseVariance: 0.01 } }), ['warning collapsed-noise']],
    ['classes have no noise', ({ posterior }) => ({ posterior: { ...posterior, task: 'binary', noiseVariance: 0.01 } }), []],
    ['few training rows', withMetrics(({ full }) => ({ full: { ...full, splits: { ...full.splits, train: { ...full.splits.train!, rows: 49 } } } })),
      ['warning few-rows']],
    ['more inputs than rows can tell', ({ inputs }) =>
      ({ inputs: [...inputs, ...Array.from({ length: 150 }, (_, c) => input(`x${c}`, 0.01))] }), ['warning few-rows']],
    ['an RMSE with a wide error', held({ rmseSe: 0.2 }), ['warning few-held-out-rows']],
    ['an accuracy with a wide error', heldOfClasses({ accuracy: 0.8, accuracySe: 0.06 }), ['warning few-held-out-rows']],
    ['one held-out row, which has no error', held({ rows: 1, rmseSe: 0 }), ['warning few-held-out-rows']],
    ['few held-out rows that all came right', heldOfClasses({ rows: 9, accuracy: 1, accuracySe: 0 }),
      ['warning few-held-out-rows']],
    ['nothing held out', withMetrics(({ full }) => ({ full: { ...full, splits: { train: full.splits.train! } } })), ['note no-held-out-rows']],
    ['weights of classes', ({ config }) => ({ config: { ...config, data: { classWeights: 'balanced' } } }), ['warning class-weights']],
    ['a low temperature', ({ config }) => ({ config: { ...config, train: { temperature: 0.1 } } }), ['warning tempered']],
    ['a low temperature that was chosen', withMetrics(() => ({ temperature: { chosen: 0.03, tried: [] } })), ['warning tempered']],
    ['a temperature of 1 that was chosen', (state) => ({
      config: { ...state.config, train: { temperature: 'auto' } }, metrics: { ...state.metrics, temperature: { chosen: 1, tried: [] } },
    }), []],
    ['all inputs in', gated(0, 0.5), ['note prior-at-bound']],
    ['about one input in', gated(0, 1 / 9), ['note prior-at-bound']],
    ['all nodes of a hidden layer in', gated(1, 0.5), ['warning prior-at-bound']],
    ['all weights of a layer in', gated(0, 0.3, 0.5), ['note prior-at-bound']],
    ['a bound that the config set', (state) => ({ ...gated(1, 0.5)(state), config: { ...state.config, prior: { inclusion: 0.5 } } }), []],
    ['a small layer at its bound', ({ posterior }) => ({
      posterior: posteriorOfLayers({
        ...posterior,
        layers: gatedLayers(posterior).map((layer) => ({ ...layer, node: 0.5, prior: { ...layer.prior, edge: 0.5 } })),
      }),
    }), []],
    ['a credible set of two', () => ({ sets: [setOf(0.9, 'a', 'c')] }), ['note unresolved-sets']],
    ['a credible set of one', () => ({ sets: [setOf(1, 'a')] }), []],
  ])('%s', (_name, change, expected) => expect(codes(change)).toEqual(expected));

  it('says how much and over which steps', () => {
    expect(text(() => ({ history: [course('restart 1', { slope: 2, noise: 0 })] })))
      .toMatch(/still rising when training ended, by 14\.0 nats over the last 350 of 4,000 steps \| .*train\.epochs/);
  });

  it('tells alternatives from restarts that failed, by the lead of the best', () => {
    const torn = [input('a', 0.9, 0.01, 1), input('a long name that\ngoes on and on and on and on', 0.2, 0, 0.9)];
    const at = (nats: number): string => text((state) => ({ ...lead(nats)(state), inputs: torn }));
    expect(at(2))
      .toMatch(/disagree on a \(PIP 0\.01 to 1\.00\) and a long name that goes on and on and on a… \(PIP 0\.00 to 0\.90\)/);
    expect(at(2)).toMatch(/'restart 1', leads by 2\.0 nats, so several sets of inputs explain .*treat these inputs as possible/);
    expect(at(40)).toMatch(/'restart 1', leads by 40\.0 nats, so no other of 2 fits found .*Raise train\.restarts/);
  });

  /** Fits of a run with skips: name, bound, inputs. Their ELBOs say otherwise. */
  const fits = (...all: [name: string, bound: number, ...inputs: string[]][]): Change => withMetrics(({ restarts: [best] }) => ({
    restarts: all.map(([name, bound, ...inputs], r) =>
      ({ name, gates: r % 2 === 0 ? 'node' : 'both', bound, inputs, chosen: r === 1, elbo: { ...best.elbo, elbo: -bound } })),
  }));
  const torn = (...of: [name: string, pip: number][]): Change =>
    () => ({ inputs: of.map(([name, pip]) => input(name, pip, 0, 1)) });
  const told = (change: Change, which: Change): string => text((state) => ({ ...change(state), ...which(state) }));

  it('compares fits by their bounds, whatever their gates, and says how many use an input', () => {
    const near = fits(['linear', -212, 'a'], ['dense', -200, 'a', 'b'], ['sparse', -203, 'b'], ['two-stage', -250]);
    expect(told(near, torn(['a', 0.95]))).toMatch(/^the fits disagree on a \(PIP 0\.00 to 1\.00, in 2 of 4 fits\); the best bound, of/);
    expect(told(near, torn(['a', 0.95]))).toMatch(/of 'dense', leads by 3\.0 nats, so several/);
    expect(told(near, torn(['c', 0.2]))).toMatch(/c \(PIP 0\.00 to 1\.00, in no fit but on the way\)/);
    const decided = fits(['linear', -206, 'b'], ['dense', -200, 'a', 'b'], ['sparse', -201, 'a', 'b']);
    expect(told(decided, torn(['a', 0.999])))
      .toMatch(/those that differ from the best, 'dense', are more than 5 nats lower \| Another seed/);
  });

  it('asks no linear fit whether a network with hidden units was found again', () => {
    const alone = fits(['linear', -201, 'a'], ['dense', -200, 'a', 'b'], ['sparse', -230, 'b']);
    expect(told(alone, torn(['b', 0.9]))).toMatch(/leads by 30\.0 nats, so no other of 3 fits found .*other inputs may come in/);
    const linear = fits(['dense', -204, 'b'], ['linear', -200, 'a'], ['sparse', -230, 'b']);
    expect(told(linear, torn(['b', 0.1]))).toMatch(/of 'linear', leads by 4\.0 nats, so several/);
  });

  it('counts no linear fit as a restart', () => {
    const one = fits(['linear', -201, 'a', 'b'], ['dense', -200, 'a', 'b'], ['linear, edge gates', -202, 'a', 'b']);
    expect(codes(one)).toEqual(['note single-restart']);
    expect(codes((state) => ({ ...one(state), ...torn(['a', 0.9])(state) })))
      .toEqual(['warning restarts-disagree', 'note single-restart']);
  });

  it('says which credible sets have several inputs, and which of them are not alike', () => {
    const sets = [setOf(1, 'a'), setOf(0.99, 'b', 'c'), setOf(0.02, 'a', 'b', 'c')];
    const both = text(() => ({ sets }));
    expect(both).toMatch(/which of up to 3 inputs carries the effect in credible sets 2 and 3 of 3; the inputs of 3 are not/);
    expect(both).toMatch(/not even alike \| Choose between alike inputs/);
    expect(text(() => ({ sets: sets.slice(0, 2) }))).toMatch(/of up to 2 inputs carries the effect in credible set 2 of 2 \|/);
  });

  it('asks the dense network and the linear model whether there was something to find', () => {
    const none = { inputs: [input('a', 0.1)] };
    const better: Change = withMetrics(({ dense }) =>
      ({ dense: { ...dense!, splits: { test: { ...dense!.splits.test!, nll: 1 } } } }));
    expect(text(() => none)).toMatch(/is a constant \| This does not show that no input matters: weak effects/);
    expect(text((state) => ({ ...better(state), ...none })))
      .toMatch(/although the dense network predicts held-out rows better \| The inputs do carry information/);
    const both: Change = (state) => {
      const { metrics } = better(state) as Pick<RunState, 'metrics'>;
      return { metrics: { ...metrics, linear: metrics.dense! }, ...none };
    };
    expect(text(both)).toMatch(/although the dense network and the linear model predict held-out rows better/);
  });

  it('suspects an input that gives the target away', () => {
    const copy: Change = (state) =>
      ({ ...held({ rmse: 0.02, rmseSe: 0.001 })(state), posterior: { ...state.posterior, noiseVariance: 1e-4 } });
    expect(codes(copy)).toEqual(['note noise-free']);
  });

  it('puts warnings before notes, and three of them at the end of a training', () => {
    const bad: Change = (state) => ({
      ...held({ rmseSe: 0.5 })(state), config: { ...state.config, train: { temperature: 0.1 } }, inputs: [input('a', 0.2, 0, 0.9)],
      history: [course('restart 1', { slope: 3 })], sets: [setOf(0.9, 'a', 'c')],
    });
    const found = diagnose(spoilt(bad));
    expect(found.map(({ code }) => code))
      .toEqual(['no-inputs', 'tempered', 'not-converged', 'restarts-disagree', 'few-held-out-rows', 'unresolved-sets']);
    const lines = warningLines(found, 'runs/a');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(
      /^the gates were trained at temperature 0\.1, as if there were 10 times as many rows.*\. Use this run to predict\./,
    );
    expect(lines[3]).toBe('2 more; show all with: bnnc inspect runs/a');
    expect(warningLines(found, 'my runs/a')[3]).toBe("2 more; show all with: bnnc inspect 'my runs/a'");
    expect(findingsText(found).split('\n')).toHaveLength(7);
  });
});

describe('trend', () => {
  it('is exact on a line', () => {
    expect(trend([1, 3, 5, 7]).change).toBeCloseTo(6);
    expect(trend([1, 3, 5, 7]).standardError).toBeCloseTo(0);
  });

  it('has the error of least squares', () => {
    // Residuals 1, -1, -1, 1 about a level line: s^2 = 4 / 2, sum of squared distances 5, three steps.
    expect(trend([1, -1, -1, 1]).standardError).toBeCloseTo(3 * Math.sqrt(2 / 5));
  });
});
