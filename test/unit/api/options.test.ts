import { describe, expect, it } from 'vitest';
import * as api from '../../../src/index.js';

const code = (name: string): object => ({ problems: [{ code: name }] });
const refused = (work: Promise<unknown>, message: RegExp): Promise<void> => expect(work).rejects.toThrow(message);
const anything = (value: unknown): never => value as never;

describe('options of the functions', () => {
  it('that they do not have are refused, with the one that was meant', async () => {
    await refused(api.prune('run', anything({ treshold: 0.5 })), /^prune has no option 'treshold'\. Did you mean 'threshold'\?$/);
    await refused(api.predict('run', [], anything({ rows: 3 })),
      /^predict has no option 'rows'\. It has interval, quantiles, at, uncertainty, explain, decisionThreshold, draws, query/);
    await refused(api.train(anything({ confg: 'a.yaml' })), /Did you mean 'config'\?$/);
    for (const call of [
      api.train(anything({ no: 1 })), api.prune('run', anything({ no: 1 })), api.predict('run', [], anything({ no: 1 })),
      api.predict('run', 'a.csv', anything({ no: 1 })).next(), api.selectFeatures('run', anything({ no: 1 })),
      api.evaluate('run', [], anything({ no: 1 })), api.crossValidate(anything({ no: 1 })), api.pruneCurve('run', anything({ no: 1 })),
      api.report('run', anything({ no: 1 })), api.diagnoseRun('run', anything({ no: 1 })),
    ]) await expect(call).rejects.toMatchObject(code('usage.option'));
  });

  it('hold what they can hold', async () => {
    await refused(api.prune('run', anything({ threshold: '0.5' })), /^prune: option 'threshold': expected auto or a number, got the text '0\.5'$/);
    await refused(api.prune('run', anything({ formats: 'onnx' })), /expected a list of some of onnx, json, js, /);
    await refused(api.prune('run', anything({ formats: ['onx'] })), /expected a list of some of onnx/);
    await refused(api.prune('run', anything({ level: 'layer' })), /expected one of weight, node, input, all/);
    await refused(api.prune('run', anything({ fineTune: 0 })), /expected false or true or a whole number of at least 1, got 0/);
    await refused(api.predict('run', [], { interval: 90 }), /expected a number between 0 and 1, got 90$/);
    await refused(api.predict('run', [], { draws: 2.5 }), /expected a whole number of at least 1/);
    await refused(api.train({ jobs: 0 }), /expected auto or a whole number from 1 to 1024, got 0$/);
    await refused(api.train(anything({ config: null })), /expected a path or an object, got nothing$/);
    await refused(api.train(anything({ signal: {} })), /expected an AbortSignal, got a mapping$/);
    await refused(api.train(anything({ onProgress: true })), /expected a function, got true$/);
  });

  it('exclude each other', async () => {
    await refused(api.selectFeatures('run', { threshold: 0.5, top: 3 }), /options 'threshold' and 'top' exclude each other/);
    await refused(api.selectFeatures('run', anything({ knockoffs: true, probes: true })), /'knockoffs' and 'probes'/);
    await refused(api.selectFeatures('run', anything({ knockoffs: true, threshold: 0.5 })), /'knockoffs' and 'threshold'/);
    await refused(api.selectFeatures('run', anything({ probes: true, fdr: 0.5 })), /'probes' and 'fdr'/);
    await expect(api.train({ resume: 'a', seed: 2, config: 'b' })).rejects.toMatchObject(code('usage.resume'));
    await refused(api.train({ resume: 'a', seed: 2, config: {} }), /^'resume' uses .*, so 'config', 'seed' cannot be given with it\. Leave it out, or start a new training without 'resume'\.$/);
  });

  it('are told before runs, models and rows that are none', async () => {
    await refused(api.prune(anything({})), /^a run must be the path of its folder/);
    await refused(api.predict(anything(3), []), /^a model must be a path/);
    const model = anything({ layers: [], encoder: { features: [], target: { task: 'regression' } } });
    await refused(api.predict(model, anything(3) as string).next(), /^rows must be objects in an array, the path of/);
    await expect(api.prune('no-such-run')).rejects.toMatchObject(code('run.missing'));
  });
});

describe('a signal that has come already', () => {
  it('stops every function before it does anything', async () => {
    const signal = AbortSignal.abort();
    for (const call of [
      api.train({ config: 'none.yaml', signal }), api.train({ resume: 'none', signal }), api.prune('none', { signal }),
      api.pruneCurve('none', { signal }), api.selectFeatures('none', { signal }), api.predict('none', [], { signal }),
      api.predict('none', 'none.csv', { signal }).next(), api.evaluate('none', 'none.csv', { signal }),
      api.crossValidate({ config: 'none.yaml', signal }), api.report('none', { signal }), api.diagnoseRun('none', { signal }),
    ]) await expect(call).rejects.toMatchObject(code('interrupted.stopped'));
  });
});
