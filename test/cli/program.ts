/** Runs the program as a person does, and makes small run folders by hand for it to read. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = join(ROOT, 'bin', 'bnnc.js');

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Setting {
  cwd?: string;
  input?: string;
  env?: NodeJS.ProcessEnv;
}

/** `bnnc ARGS`, with nothing on stdin unless `input` is given. */
export const bnnc = (args: string[], setting: Setting = {}): Promise<Outcome> =>
  execute(process.execPath, [BIN, ...args], setting);

/** A line of bash, in which `bnnc` is the program. */
export const bash = (line: string, setting: Setting = {}): Promise<Outcome> =>
  execute('bash', ['-o', 'pipefail', '-c', `bnnc() { "${process.execPath}" "${BIN}" "$@"; }\n${line}`], setting);

/** The environment of the tests without what changes the words or the engine of the program. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, BNNC_ENGINE: _engine, ...clean } = process.env;
  return clean;
}

function execute(command: string, args: string[], { cwd = ROOT, input = '', env = {} }: Setting): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...cleanEnvironment(), ...env } });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text));
    child.stdin.on('error', () => {}); // a program that needs no input may be gone before it is written
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...outcome, code }));
  });
}

const folders: string[] = [];

/** What is left of stderr without the warnings of the diagnosis, which trainings as short as those of tests may earn. */
export const withoutWarnings = (stderr: string): string => stderr.replace(/^warning: .*\n/gm, '');

/** An empty folder that goes away after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bnnc-test-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export const INPUTS_CSV = `input,pip,pip_network,pip_min,pip_max,mc_se
x1,1,1,1,1,0
"a, b",0.97,0.98,0.5,0.99,0.001
x3,0.5,0.6,0.1,0.6,0.002
x4,0.02,0.01,0,0.03,0.001
`;

/** Writes a complete run folder with the given files besides inclusion/inputs.csv. */
export function writeRun(path: string, files: Record<string, string> = {}, facts: Record<string, unknown> = {}): void {
  const all: Record<string, string> = { 'inclusion/inputs.csv': INPUTS_CSV, ...files };
  const entries = Object.entries(all).map(([name, text]) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
    return [name, { bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') }];
  });
  const manifest = {
    schemaVersion: 1, bnnc: '0.1.0', versions: { node: '20.0.0' }, engine: { name: 'tensorflow', threads: 2 },
    argv: ['train', '-c', 'a.yaml'], seed: 1, data: { path: 'a.csv', sha256: '0'.repeat(64), rows: 90 }, target: 'y',
    task: 'regression', started: '2026-01-01T00:00:00.000Z', finished: '2026-01-01T00:01:00.000Z', seconds: { train: 60 },
    files: Object.fromEntries(entries), ...facts,
  };
  writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest));
}
