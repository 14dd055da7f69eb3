/** Child processes and what the set-up says. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, or the installed package. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A failure whose message is meant for the person; no stack is shown. */
export class SetupError extends Error {}

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a program and gathers what it prints.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, seconds?: number, inherit?: boolean }} [options]
 *   `seconds`: it and its children are killed after so long; `inherit`: it prints to our stderr instead.
 * @returns {Promise<{ ok: boolean, output: string }>} never rejects: a program that is not there is `ok: false`
 */
export function run(program, args, { cwd = ROOT, env = {}, seconds, inherit = false } = {}) {
  return new Promise((resolve) => {
    const posix = process.platform !== 'win32';
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      // A group of its own, so that the children of an install script end with it.
      detached: posix && seconds !== undefined,
      stdio: inherit ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let timer;
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    const finish = (ok) => {
      clearTimeout(timer);
      resolve({ ok, output: output.trim() });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
    if (seconds !== undefined) {
      timer = setTimeout(() => {
        output += `\nno end after ${seconds} s`;
        try {
          if (posix) process.kill(-child.pid, 'SIGKILL');
          else child.kill();
        } catch {
          // It ended by itself in the meantime.
        }
      }, seconds * 1000);
    }
  });
}

/** The line of a program's output that names its failure: the first that looks like an error, else the last one. */
export function faultLine(output) {
  const lines = output.split('\n').map((line) => line.trim()).filter(Boolean);
  return lines.find((line) => /^\w*Error\b|^error:|: error:|ERR! stack Error:/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}

/** Path of npm's own program: the npm that runs us, else the one beside Node; undefined when there is neither. */
export function npmProgram() {
  const prefix = path.dirname(path.dirname(process.execPath));
  const candidates = [
    process.env.npm_execpath,
    path.join(prefix, 'lib/node_modules/npm/bin/npm-cli.js'),
    path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
  ];
  return candidates.find((file) => file && path.basename(file) === 'npm-cli.js' && existsSync(file));
}

/** Runs npm, found as {@link npmProgram} says or else on the PATH. */
export function npm(args, options) {
  const program = npmProgram();
  if (program) return run(process.execPath, [program, ...args], options);
  return process.platform === 'win32' ? run('cmd', ['/c', 'npm', ...args], options) : run('npm', args, options);
}
