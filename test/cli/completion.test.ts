import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, bnnc, temporaryFolder } from './program.js';

/** What bash offers for the last word of a line. */
async function offers(line: string, cwd = temporaryFolder()): Promise<string[]> {
  const words = line.split(' ');
  const script = `
    source <(bnnc completion bash)
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}
    _bnnc
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, stdout, stderr } = await bash(script, { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').filter((word) => word !== '');
}

describe('bash completion', () => {
  it('completes commands', async () => {
    expect(await offers('bnnc pr')).toEqual(['prune', 'predict']);
    expect(await offers('bnnc --quiet tr')).toEqual(['train']);
    expect(await offers('bnnc help ev')).toEqual(['evaluate']);
  });

  it('completes the options of a command', async () => {
    expect(await offers('bnnc train --dr')).toEqual(['--dry-run']);
    expect(await offers('bnnc select-features runs/a --t')).toEqual(['--threshold', '--top']);
    expect(await offers('bnnc select-features runs/a --se')).toEqual(['--sets']);
    expect(await offers('bnnc prune --q')).toEqual(['--quantize', '--quiet']);
    expect(await offers('bnnc cv --re')).toEqual(['--repeats']);
  });

  it('completes fixed values of options and arguments', async () => {
    expect(await offers('bnnc select-features --format ')).toEqual(['names', 'csv', 'json']);
    expect(await offers('bnnc prune --level n')).toEqual(['node']);
    expect(await offers('bnnc completion ')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('leaves everything else to the completion of files', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'runs'));
    writeFileSync(join(cwd, 'data.csv'), '');
    expect(await offers('bnnc train --data d', cwd)).toEqual([]);
    expect(await offers('bnnc inspect r', cwd)).toEqual([]);
    const { stdout } = await bash('source <(bnnc completion bash); complete -p bnnc', { cwd });
    expect(stdout).toBe('complete -o default -F _bnnc bnnc\n');
  });
});

describe('the scripts of the other shells', () => {
  it.each(['bash', 'zsh', 'fish'])('%s names every command and the options of train', async (shell) => {
    const { code, stdout, stderr } = await bnnc(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const help = (await bnnc(['--help'])).stdout;
    const commands = [...help.matchAll(/^ {2}([a-z][a-z-]+) (\[|<| )/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(8);
    for (const name of [...commands, 'seed', 'resume', 'dry-run']) expect(stdout).toContain(name);
  });

  it('fish escapes quotes in summaries', async () => {
    const { stdout } = await bnnc(['completion', 'fish']);
    for (const line of stdout.split('\n')) expect(line.replace(/\\['\\]/g, '').split("'").length % 2).toBe(1);
  });
});
