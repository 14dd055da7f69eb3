/** A server of Postgres for one test: in a folder of its own, reached by a socket there. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VERSIONS = '/usr/lib/postgresql';
const packaged = existsSync(VERSIONS) ? readdirSync(VERSIONS).map((version) => join(VERSIONS, version, 'bin')) : [];
const folders = ['/usr/local/bin', '/usr/bin', ...packaged];
const bin = folders.find((folder) => ['initdb', 'pg_ctl', 'postgres'].every((name) => existsSync(join(folder, name))));

const isRoot = process.getuid?.() === 0;
const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));

/** The server does not run as root; the user that its package makes has it. */
function run(name: string, args: string[], cwd: string): void {
  const command = [join(bin!, name), ...args];
  const [file, ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
  execFileSync(file, rest, { cwd, stdio: 'ignore', timeout: 60_000 });
}

export const hasPostgres = bin !== undefined;

/** @returns how to reach it, and what ends it */
export function startPostgres(): { connection: string; stop(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'bnnc-pg-'));
  if (isRoot) chownSync(folder, idOf('-u'), idOf('-g'));
  const data = join(folder, 'data');
  run('initdb', ['-D', data, '-U', 'bnnc', '-A', 'trust', '-N'], folder);
  run('pg_ctl', ['-D', data, '-l', join(folder, 'log'), '-w', '-o', `-k ${folder} -c listen_addresses=''`, 'start'], folder);
  return {
    connection: `host=${folder} user=bnnc dbname=postgres`,
    stop: () => {
      run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'], folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
