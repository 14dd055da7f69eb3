/** The pages of docs/cookbook as a reader follows them: the commands of their `sh` blocks in order, in a shorter form. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bash, BIN, ROOT, temporaryFolder } from './program.js';
import { fencedBlocks } from './transcript.js';

export const COOKBOOK = join(ROOT, 'docs', 'cookbook');

/** What commands that learn get in addition, so that a page takes seconds; folds of cv have no search. */
const FEW = ['train.restarts=1', 'train.reference=false', 'inclusion.draws=4', 'inclusion.rescues=0'];
const SHORT = {
  train: [...FEW, 'train.epochs=200', 'model.hidden=[4]', 'search.steps=100'],
  cv: [...FEW, 'train.epochs=100', 'model.hidden=[2]', 'search.steps=0'],
};

export interface Kitchen {
  cwd: string;
  /** stdout and stderr of all commands, in their order. */
  printed: string;
  read(path: string): string;
  json<T>(path: string): T;
}

/** The commands of a page, one text for each block. */
export const commandsOf = (page: string): string[] => fencedBlocks(readFileSync(join(COOKBOOK, page), 'utf8'), 'sh');

/**
 * Follows a page in an empty folder with the tables that ship.
 * @throws Error with all that was printed where a command fails
 */
export async function follow(page: string): Promise<Kitchen> {
  const cwd = temporaryFolder();
  for (const part of ['configs', 'datasets']) cpSync(join(ROOT, part), join(cwd, part), { recursive: true });
  cpSync(COOKBOOK, join(cwd, 'cookbook'), { recursive: true });
  const path = join(cwd, '.bin');
  mkdirSync(path);
  const sets = (command: keyof typeof SHORT): string => SHORT[command].map((set) => `--set '${set}'`).join(' ');
  writeFileSync(join(path, 'bnnc'), [
    '#!/bin/sh', `case "$1" in`, `train) set -- "$@" ${sets('train')} ;;`, `cv) set -- "$@" ${sets('cv')} --folds 2 ;;`, 'esac',
    `exec "${process.execPath}" "${BIN}" "$@"`, '',
  ].join('\n'), { mode: 0o755 });
  const script = ['exec 2>&1', 'set -e', ...commandsOf(page)].join('\n');
  const { code, stdout } = await bash(`unset -f bnnc\n${script}`, {
    cwd, env: { PATH: [path, process.env.PATH].join(':'), LC_ALL: 'C' },
  });
  if (code !== 0) throw new Error(`${page} ends with exit code ${code}:\n${stdout}`);
  const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
  return { cwd, printed: stdout, read, json: <T>(name: string) => JSON.parse(read(name)) as T };
}

/** PIPs of a run by input, as its file has them. */
export function pipsOf(kitchen: Kitchen, run: string): Map<string, number> {
  const lines = kitchen.read(`${run}/inclusion/inputs.csv`).trimEnd().split('\n').slice(1);
  return new Map(lines.map((line) => line.split(',')).map(([input, pip]) => [input, Number(pip)]));
}
