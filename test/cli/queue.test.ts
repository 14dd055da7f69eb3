/** A queue with a real server. The files of runs and the documents are compared with those of the same command alone. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queueName, taskNote } from '../../src/queue/messages.js';
import { Stream } from '../../src/random.js';
import { programVersion } from '../../src/version.js';
import { missing, startRedis, type RedisServer } from '../helpers/redis.js';
import { bnnc } from './in-process.js';
import { BIN, bnnc as separately, temporaryFolder, type Outcome } from './program.js';

if (missing.length > 0) console.log(`skipped: the queue is not tried without ${missing.join(', ')}`);

const SETS = [
  'model.hidden=[2]', 'search.steps=0', 'train.restarts=1', 'train.epochs=20', 'train.reference=false', 'inclusion.samples=100', 'inclusion.rescues=0',
];
const DATA = ['--data', 'data.csv', '--target', 'y', ...SETS.flatMap((each) => ['--set', each])];
const PASSWORD = 'a-secret/word';

interface Running {
  child: ChildProcess;
  said(): string;
  /** When stderr says this. */
  says(text: string | RegExp): Promise<void>;
  ended: Promise<number | null>;
}

/** What is used of a queue of BullMQ. */
interface Tasks {
  add(name: string, data: object): Promise<{ id: string }>;
  getJobState(id: string): Promise<string>;
  getJob(id: string): Promise<{ failedReason: string }>;
  close(): Promise<void>;
}

const running: Running[] = [];
function start(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...process.env, ...env } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const made: Running = {
    child, ended, said: () => text,
    async says(sought) {
      while (!(typeof sought === 'string' ? text.includes(sought) : sought.test(text))) {
        if (child.exitCode !== null) throw new Error(`it has ended without saying ${String(sought)}: ${text}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
  running.push(made);
  return made;
}

describe.skipIf(missing.length > 0)('a queue', () => {
  let server: RedisServer;
  let url: string;
  let cwd: string;
  beforeAll(async () => {
    server = await startRedis(['--requirepass', PASSWORD]);
    url = `redis://127.0.0.1:${server.port}`;
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    cwd = temporaryFolder();
    const draw = Stream.fromSeed('queue').normals(320);
    const rows = Array.from({ length: 80 }, (_, n) => {
      const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
      return [a, b, c, 2 * a - b + 0.3 * e].join(',');
    });
    writeFileSync(join(cwd, 'data.csv'), `a,b,c,y\n${rows.join('\n')}\n`);
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    }
  });

  const env = { BNNC_QUEUE_PASSWORD: PASSWORD };
  const worker = (...args: string[]): Running => start(['worker', '--queue', url, ...args], cwd, env);
  const queued = (args: string[]): Promise<Outcome> =>
    separately([...args, '--queue', url], { cwd, env });

  /** A job of its own in the queue, as somebody else may put it there. */
  async function put(data: object): Promise<string> {
    const [bullmq, ioredis] = ['bullmq', 'ioredis'];
    const { Queue } = await import(bullmq) as { Queue: new (name: string, options: object) => Tasks };
    const { Redis } = await import(ioredis) as { Redis: new (url: string, options: object) => { disconnect(): void } };
    const connection = new Redis(url, { password: PASSWORD, maxRetriesPerRequest: null });
    const queue = new Queue(queueName(programVersion()), { connection, prefix: 'bnnc' });
    try {
      const { id } = await queue.add('task', data);
      for (;;) {
        const state = await queue.getJobState(id);
        if (state === 'completed') return 'done';
        if (state === 'failed') return (await queue.getJob(id)).failedReason;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      await queue.close();
      connection.disconnect();
    }
  }

  it('has the bytes of the command alone, for a cross-validation by two workers and for a training', async () => {
    const workers = [worker(), worker()];
    await Promise.all(workers.map((each) => each.says('waiting for tasks')));
    const cv = ['cv', ...DATA, '--folds', '4', '--json'];
    const [through, alone] = [await queued([...cv, '--progress', 'json']), await bnnc([...cv, '--jobs', '1'], { cwd })];
    expect({ ...through, stderr: '' }).toEqual({ code: 0, stdout: alone.stdout, stderr: '' });
    for (const each of workers) expect(each.said()).toMatch(/fold: 1\.\d: [\d.]+ s/);
    // The progress of both in one line.
    expect(through.stderr).toMatch(/"folds":\{"done":\d,"of":4\}/);

    expect((await queued(['train', ...DATA, '-o', 'through'])).code).toBe(0);
    expect((await bnnc(['train', ...DATA, '-o', 'alone'], { cwd })).code).toBe(0);
    const manifest = (run: string): { files: object } =>
      JSON.parse(readFileSync(join(cwd, run, 'manifest.json'), 'utf8')) as { files: object };
    expect(manifest('through').files).toEqual(manifest('alone').files);
  }, 120_000);

  it('goes on where a worker is killed in mid-fit', async () => {
    const args = ['calibrate', ...DATA, '--set', 'train.epochs=400', '--sets', '2', '--json'];
    const first = worker('--lease', '1', '--jobs', '2');
    await first.says('waiting for tasks');
    const command = queued(args);
    await active(2);
    first.child.kill('SIGKILL');
    const second = worker('--lease', '1');
    const [through, alone] = [await command, await bnnc(args, { cwd })];
    expect({ code: through.code, stdout: through.stdout }).toEqual({ code: 0, stdout: alone.stdout });
    expect(second.said().match(/^table: \d: /gm)).toHaveLength(2);
  }, 120_000);

  /** When so many tasks are being done. */
  async function active(count: number): Promise<void> {
    while (redis('LLEN', `bnnc:${queueName(programVersion())}:active`) !== String(count)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const redis = (...args: string[]): string =>
    spawnSync('redis-cli', ['-p', String(server.port), '-a', PASSWORD, '--no-auth-warning', ...args], { encoding: 'utf8' }).stdout.trim();

  it('is cleared by Ctrl-C at the command, and the worker goes on with what comes next', async () => {
    const one = worker();
    await one.says('waiting for tasks');
    const command = start(['cv', ...DATA, '--set', 'train.epochs=20000', '--folds', '3', '--queue', url], cwd, env);
    await active(1);
    command.child.kill('SIGINT');
    expect(await command.ended).toBe(130);
    await active(0);
    expect(redis('LLEN', `bnnc:${queueName(programVersion())}:wait`)).toBe('0');
    expect(redis('KEYS', 'bnnc:run:*')).toBe('');
    expect((await queued(['calibrate', ...DATA, '--sets', '1'])).code).toBe(0);
  }, 120_000);

  it('waits for a server that is started again, and takes a table through it', async () => {
    const elsewhere = temporaryFolder();
    const one = start(['worker', '--queue', url, '--lease', '2'], elsewhere, env);
    await one.says('waiting for tasks');
    const args = ['cv', ...DATA, '--set', 'train.epochs=200', '--folds', '3', '--json'];
    const command = queued([...args, '--ship-data']);
    await active(1);
    await server.halt();
    await server.start();
    const [through, alone] = [await command, await bnnc(args, { cwd })];
    expect({ code: through.code, stdout: through.stdout }).toEqual({ code: 0, stdout: alone.stdout });
    expect(through.stderr).toContain('answers again');
    expect(readdirSync(elsewhere)).toEqual([]);
  }, 120_000);

  it('refuses tasks that are malformed, too large, of another version, or of no run, and goes on', async () => {
    const one = worker();
    await one.says('waiting for tasks');
    const name = 'a'.repeat(32);
    const note = { run: name, plan: 'b'.repeat(64), part: name, unit: 'fold: 1.1', bnnc: programVersion() };
    expect(await put({ cmd: 'touch gotcha' })).toContain('run.queue-refused');
    expect(await put({ ...taskNote(note), unit: 'x'.repeat(100_000) })).toContain('run.queue-refused');
    expect(await put(taskNote({ ...note, bnnc: '0.0.0' }))).toMatch(/run.queue-refused.*of bnnc 0\.0\.0/);
    redis('SET', `bnnc:run:${name}`, '{"schemaVersion":1,"plan":"../../etc"}');
    expect(await put(taskNote(note))).toContain('run.not-a-plan');
    redis('SETRANGE', `bnnc:run:${name}`, '70000000', 'x');
    expect(await put(taskNote(note))).toMatch(/run.queue-refused.*too large/);
    redis('DEL', `bnnc:run:${name}`);
    // Whoever wanted it has gone.
    expect(await put(taskNote(note))).toBe('done');
    expect((await queued(['calibrate', ...DATA, '--sets', '1'])).code).toBe(0);
  }, 120_000);

  it('reads no table outside of the folder of the worker, not by a link either', async () => {
    const elsewhere = temporaryFolder();
    const one = start(['worker', '--queue', url], elsewhere, env);
    await one.says('waiting for tasks');
    symlinkSync(join(cwd, 'data.csv'), join(elsewhere, 'data.csv'));
    const linked = await queued(['cv', ...DATA, '--folds', '2']);
    expect(linked.stderr).toContain('lies outside of the folder of the worker');
    expect(linked.code).toBe(6);
    rmSync(join(elsewhere, 'data.csv'));
    expect((await queued(['cv', ...DATA, '--folds', '2'])).stderr).toContain("there is no 'data.csv' in the folder of the worker");
    const below = join(cwd, 'below');
    mkdirSync(below);
    const outside = await separately(['cv', ...DATA, '--data', '../data.csv', '--queue', url], { cwd: below, env });
    expect({ code: outside.code, said: outside.stderr }).toEqual({ code: 6, said: expect.stringContaining('--ship-data') as string });
  }, 120_000);

  it('shows the password nowhere', async () => {
    const secret = encodeURIComponent(PASSWORD);
    const full = `redis://:${secret}@127.0.0.1:${server.port}`;
    const one = worker('--idle', '15');
    await one.says('waiting for tasks');
    const trained = await separately(['train', ...DATA, '-o', 'run', '--queue', full, '--log-file', 'log', '--debug'], { cwd });
    expect(trained.code).toBe(0);
    const other = full.replace(secret, 'another%2Fword');
    const wrong = await separately(['worker', '--queue', other, '--debug', '--json', '--log-file', 'log'], { cwd });
    expect(wrong.stderr).toMatch(/cannot be used.*WRONGPASS/);
    expect(wrong.code).toBe(6);
    const away = ['--queue', `redis://:${secret}@127.0.0.1:1`];
    const gone = await separately(['cv', ...DATA, ...away, '--debug', '--log-file', 'log'], { cwd });
    expect(gone.code).toBe(6);
    const kept = ['log', 'run/manifest.json'].map((name) => readFileSync(join(cwd, name), 'utf8'));
    const all = [trained, wrong, gone].flatMap(({ stdout, stderr }) => [stdout, stderr]).concat(kept, one.said()).join();
    for (const word of [PASSWORD, secret, 'another%2Fword', 'another/word']) expect(all).not.toContain(word);
    expect(kept[1]).toContain('redis://***@127.0.0.1');
  }, 120_000);

  it('speaks TLS, and to nobody whose certificate is not known', async () => {
    const keys = temporaryFolder();
    const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const certificate = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...name];
    expect(spawnSync('openssl', [...certificate, '-keyout', join(keys, 'key'), '-out', join(keys, 'crt')]).status).toBe(0);
    const secure = await startRedis(
      ['--tls-cert-file', join(keys, 'crt'), '--tls-key-file', join(keys, 'key'), '--tls-auth-clients', 'no'], true);
    try {
      const at = `rediss://localhost:${secure.port}`;
      const unknown = await separately(['worker', '--queue', at, '--idle', '0'], { cwd });
      expect({ code: unknown.code, said: unknown.stderr }).toEqual({ code: 6, said: expect.stringContaining('certificate') as string });
      const known = { NODE_EXTRA_CA_CERTS: join(keys, 'crt') };
      const one = start(['worker', '--queue', at], cwd, known);
      await one.says('waiting for tasks');
      expect((await separately(['calibrate', ...DATA, '--sets', '1', '--queue', at], { cwd, env: known })).code).toBe(0);
    } finally {
      await secure.stop();
    }
  }, 120_000);
});

describe('--queue', () => {
  it.each([
    ['not a URL', ['--queue', 'somewhere'], 'is not the URL of a server of Redis'],
    ['another protocol', ['--queue', 'http://localhost'], 'is not the URL of a server of Redis'],
    ['jobs of this machine', ['--queue', 'redis://localhost', '--jobs', '2'], '--jobs cannot be given with --queue'],
    ['data to send without it', ['--ship-data'], '--ship-data needs --queue'],
  ])('refuses %s', async (_what, args, said) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'data.csv'), 'a,y\n1,2\n2,3\n3,1\n4,4\n5,2\n');
    const { code, stderr } = await bnnc(['cv', ...DATA, '--folds', '2', ...args], { cwd });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) as string });
  });
});
