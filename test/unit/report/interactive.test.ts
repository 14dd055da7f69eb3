import { describe, expect, it } from 'vitest';
import { formSection } from '../../../src/report/interactive/section.js';
import { scriptOf } from '../../../src/report/interactive/script.js';
import { errorOnCommandLine } from '../../helpers/command-line.js';
import { randomCompressed } from '../../helpers/random-compressed.js';

describe('the form of an interactive report', () => {
  it('says how many of several targets are drawn where these are not all', () => {
    const said = (count: number): string => {
      const targets = Array.from({ length: count }, (_, k) => ({ name: `y${k}`, mean: 0, scale: 1, noise: 1 }));
      const model = randomCompressed({ seed: 1, task: 'several', target: { name: 'y', task: 'several', targets } });
      return formSection({ model, fields: [], draws: 64, fromRows: true }).text;
    };
    expect(said(7)).toContain('from 64 draws of the weights. Drawn are the first 6 targets.');
    expect(said(6)).not.toContain('Drawn');
  });
});

describe('the script of an interactive report', () => {
  it('is refused where the model would take more than 8 MB of the page', () => {
    const script = (length: number): string => scriptOf(randomCompressed({
      seed: 1, task: 'binary', features: [1], hidden: [3], target: { name: 'y', task: 'binary', levels: ['no', 'y'.repeat(length)] },
    }), [], 0);
    expect(script(10).length).toBeLessThan(1e5);
    let said = '';
    try {
      script(8_200_000);
    } catch (error) {
      expect(error).toMatchObject({ problems: [{ code: 'run.page-too-large' }] });
      said = errorOnCommandLine(error);
    }
    expect(said).toBe('--interactive: the model would take 8.2 MB of the page, more than 8 MB. '
      + 'Leave the option out, and predict with bnnc predict.');
  });
});
