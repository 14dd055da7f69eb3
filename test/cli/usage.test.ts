import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, bnnc, ROOT } from './program.js';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

describe('help and version', () => {
  it('lists every command on stdout', async () => {
    const { code, stdout, stderr } = await bnnc(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of ['init', 'validate', 'train', 'cv', 'inspect', 'select-features', 'prune', 'predict', 'evaluate', 'report', 'doctor']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    expect(stdout).not.toContain('\x1b');
  });

  it('shows the help of a command, global options included', async () => {
    const direct = await bnnc(['train', '--help']);
    expect(direct.stdout).toMatch(/--resume <dir>[^]*--quiet[^]*Examples:/);
    expect((await bnnc(['help', 'train'])).stdout).toBe(direct.stdout);
  });

  it('fills the lines of descriptions', async () => {
    for (const name of ['train', 'cv', 'calibrate', 'select-features', 'prune', 'predict', 'evaluate', 'report']) {
      const lines = (await bnnc([name, '--help'])).stdout.split('\n\n')[1].split('\n');
      for (const [i, line] of lines.slice(0, -1).entries()) {
        expect(line.length + 1 + lines[i + 1].split(' ')[0].length, `${name}: ${line}`).toBeGreaterThan(100);
      }
    }
  });

  it('prints the version', async () => {
    expect(await bnnc(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('loads nothing heavy for help', async () => {
    const { stderr } = await bash('bnnc --help > /dev/null', { env: { NODE_DEBUG: 'esm,module' } });
    expect(stderr).toMatch(/commander/);
    expect(stderr).not.toMatch(/node_modules\/(zod|yaml|csv-parse|cli-progress|hyparquet|@tensorflow)\//);
  });

  it('colours titles only when told to', async () => {
    expect((await bnnc(['--help'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\x1b[1m');
    expect((await bnnc(['--help', '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain('\x1b');
  });
});

describe('usage errors', () => {
  it.each([
    [['trian'], /unknown command 'trian'\n\(Did you mean train\?\)\nSee 'bnnc --help'/],
    [['train', '--seeed', '3'], /unknown option '--seeed'\n\(Did you mean --seed\?\)\nSee 'bnnc train --help'/],
    [['train', '--seed', 'x'], /argument 'x' is invalid. It must be a whole number/],
    [['train', '--set', 'epochs'], /It must look like train.epochs=500/],
    [['prune', '--threshold', '1.5'], /It must be a number from 0 to 1/],
    [['prune', '--format', 'onnx,pdf'], /comma-separated list of onnx, json/],
    [['prune', '--ensemble', '2', '--fine-tune'], /'--ensemble <k>' cannot be used with option '--fine-tune \[steps\]'/],
    [['prune', '--ensemble', '0'], /It must be a whole number of at least 1/],
    [['select-features', '--top', '3', '--fdr', '0.1'], /cannot be used with option/],
    [['select-features', 'a', 'b'], /too many arguments[^]*\nSee 'bnnc select-features --help'/],
    [['cv', 'houses.csv', '--target', 'price'], /too many arguments[^]*\nGive a table with --data and a config with --config. See/],
    [['train', 'houses.csv', '--target', 'price'], /a run is named without --add-restarts\. Name the table with --data/],
    [['init'], /missing required argument 'data'|required option '--target/],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish/],
  ])('%j', async (args, text) => {
    const { code, stdout, stderr } = await bnnc(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(text);
  });

  it('shows the help on stderr when no command is given', async () => {
    const { code, stdout, stderr } = await bnnc([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: bnnc');
  });

  it('honours colour settings', async () => {
    expect((await bnnc(['trian'])).stderr).not.toContain('\x1b');
    expect((await bnnc(['trian'], { env: { FORCE_COLOR: '1' } })).stderr).toContain('\x1b[31m');
    expect((await bnnc(['trian', '--no-color'], { env: { FORCE_COLOR: '1' } })).stderr).not.toContain('\x1b');
  });
});

describe('a closed pipe', () => {
  it('is a quiet exit 0', async () => {
    const { code, stderr } = await bash('(sleep 0.3; bnnc schema; echo "code $?" >&2) | true');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'code 0\n' });
  });
});
