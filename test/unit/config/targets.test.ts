/** `data.target` as a list. */
import { describe, expect, it } from 'vitest';
import type { BnncError } from '../../../src/errors.js';
import { resolveConfig } from '../../../src/config/resolve.js';

const resolved = (data: object, flags = {}) =>
  resolveConfig({ object: { data: { path: 'a.csv', ...data } }, flags, cwd: '/' }).then(({ config }) => config.data.target);

const refused = (data: object, flags = {}): Promise<string[]> => resolved(data, flags).then(() => [], (error: BnncError) =>
  error.problems.map(({ code, message }) => `${code} ${message}`));

describe('data.target', () => {
  it('is a column, or a list of them; a list of one is that one', async () => {
    expect(await resolved({ target: 'ab' })).toBe('ab');
    expect(await resolved({ target: ['ab'] })).toBe('ab');
    expect(await resolved({ target: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(await resolved({}, { target: ['y'] })).toBe('y');
    expect(await resolved({ target: 'z' }, { target: ['a,b', 'c'] })).toEqual(['a,b', 'c']);
  });

  it.each([
    [{ target: ['a', 'b', 'a'] }, /data\.target\[2\].*'a' is in the list twice/],
    [{ target: ['a', 'b'], task: 'counts' }, /the task counts predicts one target, not a list of 2/],
    [{ target: 'a', task: 'several' }, /the task several predicts a list of targets, not one/],
    [{ target: ['a', 'b'], weights: 'b' }, /'b' cannot be the weights \(data\.weights\) and the target/],
    [{ target: ['a', 'b'], exposure: 'a' }, /'a' cannot be the exposure/],
    [{ target: ['a', 'b'], event: 'b' }, /'b' cannot be the event/],
    [{ target: ['a', 'b'], split: { group: 'b' } }, /data\.split\.group.*is the target 'b'/],
    [{ target: ['a', 'b'], columns: { b: { kind: 'categorical' } } }, /a categorical target cannot be one of several/],
    [{ target: ['a', 'b'], columns: { b: { kind: 'ignore' } } }, /the target cannot be ignored/],
    [{ target: ['a', 'b'], groups: { g: ['c', 'b'] } }, /the target is no input/],
    [{ target: ['a', ''] }, /data\.target\[1\]/],
    [{ target: [] }, /data\.target/],
  ])('refuses %j', async (data, message) => {
    const found = await refused(data);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toMatch(message);
  });
});
