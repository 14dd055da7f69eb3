// What measured: the machine, Node, and the commit of the program.
import { execFileSync } from 'node:child_process';
import os from 'node:os';

export function facts(project) {
  const cpu = os.cpus()[0].model.trim();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  return { commit: commitOf(project), machine: { cpu, cores: os.cpus().length, gigabytes, node: process.versions.node } };
}

/** The short commit; `+` when the sources differ from it. */
function commitOf(project) {
  const git = (...args) => execFileSync('git', args, { cwd: project, stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'src', 'bench') ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
}
