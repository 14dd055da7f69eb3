import { describe, expect, it } from 'vitest';
import { runText } from '../../../../../src/cli/commands/inspect/run.js';
import type { RunFolder } from '../../../../../src/store/open.js';
import { reportData } from '../../../../helpers/report-data.js';
import { input } from '../../../../helpers/run-state.js';

const data = reportData({ task: 'regression' });
const { manifest, metrics } = data;
const folder = { path: 'runs/a', manifest } as unknown as RunFolder;
const parts = {
  folder, metrics: { ...metrics, median: { ...metrics.median, inputs: ['a'] } }, inputs: [input('a', 1), input('b', 0.25, 0, 0.5)],
  sizes: {
    before: { parameters: 1000, nonZero: 1000, multiplyAdds: 900 }, after: { parameters: 100, nonZero: 90, multiplyAdds: 0 },
    onnxBytes: { before: 8000, after: 2000, gzip: { before: 7000, after: 1500 } },
  },
};

describe('a run in a terminal', () => {
  it('has the command that made it as a shell takes it', () => {
    const argv = ['train', '--data', 'my data.csv', '--target', "it's", '--set', 'model.hidden=[4]', '-o', ''];
    const text = runText({ ...parts, folder: { ...folder, manifest: { ...manifest, argv } }, findings: [] });
    expect(text).toMatch(/^command +bnnc train --data 'my data\.csv' --target 'it'\\''s' --set 'model\.hidden=\[4\]' -o ''$/m);
  });

  it('has sizes and probabilities with bars', () => {
    const text = runText({ ...parts, findings: [] });
    expect(text).toMatch(/size +whole network +median model +left\n/);
    expect(text).toMatch(/^inputs +2 +1 +50\.0 % +█{10}░{10}$/m);
    expect(text).toMatch(/^parameters +1,000 +100 +10\.0 % +█{2}░{18}$/m);
    expect(text).toMatch(/^non-zero parameters +1,000 +90 +9\.0 %/m);
    expect(text).toMatch(/^multiply-adds +900 +0 +0\.0 % +░{20}$/m);
    expect(text).toMatch(/^bytes as ONNX +8,000 +2,000 +25\.0 %/m);
    expect(text).toMatch(/^b +0\.250 +█{5}░{15} +0\.00 to 0\.50\nlinear or nonlinear is not told: model\.skip is off$/m);
    expect(text).not.toMatch(/warning|note:/);
  });

  it('names the command so that a shell would read it as it was given', () => {
    const of = (argv: string[]) => {
      const made = { path: 'runs/a', manifest: { ...manifest, argv } } as unknown as RunFolder;
      return /^command +(.*)$/m.exec(runText({ ...parts, folder: made, findings: [] }))?.[1];
    };
    expect(of(['train', '--data', 'my houses.csv', '--set', 'data.columns={id: {kind: ignore}}', '--target', "owner's"]))
      .toBe(`bnnc train --data 'my houses.csv' --set 'data.columns={id: {kind: ignore}}' --target 'owner'\\''s'`);
    expect(of([])).toBe('none: trained by a program');
  });

  it('ends with what the diagnosis found', () => {
    const finding = { code: 'x', text: 'something is wrong', remedy: 'Mend it.' };
    expect(runText({ ...parts, findings: [{ ...finding, severity: 'warning' }, { ...finding, severity: 'note' }] }))
      .toMatch(/\n\nwarning: something is wrong\. Mend it\.\nnote: something is wrong\. Mend it\.\n$/);
  });
});
