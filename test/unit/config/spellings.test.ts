import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFullConfig, resolveConfig } from '../../../src/config/resolve.js';
import { stringifyConfig } from '../../../src/config/stringify.js';
import { errorOnCommandLine } from '../../helpers/command-line.js';

let cwd: string;
beforeAll(() => { cwd = mkdtempSync(join(tmpdir(), 'bnnc-spellings-')); });
afterAll(() => rmSync(cwd, { recursive: true }));

const resolved = (data: string, sets: string[] = []): ReturnType<typeof resolveConfig> => {
  writeFileSync(join(cwd, 'c.yaml'), `data:\n  path: a.csv\n${data.split('\n').map((line) => `  ${line}\n`).join('')}`);
  return resolveConfig({ cwd, file: 'c.yaml', sets });
};

describe('another way to say a key', () => {
  it.each([
    ['target: y\nnoise: student', 'target: y\ntask: student'], ['target: y\nnoise: varying\ntask: regression', 'target: y\ntask: varying'],
    ['target: y\ntransform: log', 'target: y\ntask: log-regression'], ['target: {time: t, event: d}', 'target: t\nevent: d'],
    ['target: {time: t, event: d}\nevent: d\ntask: weibull', 'target: t\nevent: d\ntask: weibull'],
    ['target: y\nnoise: student\ntask: student', 'target: y\ntask: student'],
  ])('%j is the same as %j', async (said, meant) => {
    const { config } = await resolved(said);
    expect(config).toEqual((await resolved(meant)).config);
    const text = stringifyConfig(config);
    expect(text).not.toMatch(/noise:|transform:/);
    expect(parseFullConfig(text, 'config.yaml')).toEqual(config);
  });

  it('comes from where it was written', async () => {
    const { origins } = await resolved('target: y', ['data.noise=varying', 'data.target={time: t, event: d}']);
    expect(origins).toMatchObject({ 'data.task': 'set', 'data.event': 'set', 'data.target': 'set' });
    expect(Object.keys(origins)).not.toContain('data.noise');
  });

  it.each([
    ['target: {time: t, event: d}\nevent: e', 'c.yaml:4:10: data.event: is e, but the event of data.target is d. Leave data.event out.'],
    ['target: y\ntask: counts\nnoise: student',
      'c.yaml:5:10: data.noise: noise: student means the task student, but data.task is counts. Leave one of them out.'],
    ['target: y\nnoise: varying\ntransform: log',
      'c.yaml:4:10: data.noise: is varying, but with data.transform the noise is normal. Leave one of them out.'],
    ['target: y\nnoise: heavy', "c.yaml:4:10: data.noise: expected one of student, varying, got the text 'heavy'"],
  ])('%j is refused', async (data, message) => {
    const said = await resolved(data).then(() => '', (error: unknown) => errorOnCommandLine(error));
    expect(said.split('\n')[0]).toBe(message);
  });
});
