/** A server of Redis for one test: in a folder of its own, on a port of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;
/** By variables, for neither is installed with this package. */
const loads = async (name: string): Promise<boolean> => import(name).then(() => true, () => false);

/** What is missing for a queue. */
export const missing = [
  ...(isInstalled ? [] : ['redis-server']), ...(await loads('bullmq') ? [] : ['bullmq']), ...(await loads('ioredis') ? [] : ['ioredis']),
];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface RedisServer {
  port: number;
  folder: string;
  /** Ends it as a restart of its machine does; what it has stays. */
  halt(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @param args of the server besides its port and folder */
export async function startRedis(args: readonly string[] = [], tls = false): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bnnc-redis-'));
  const port = await freePort();
  let child: ChildProcess;
  const halt = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  const server: RedisServer = {
    port, folder, halt,
    async start() {
      const ports = tls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
      child = spawn('redis-server', [...ports, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', '', ...args]);
      let said = '';
      await new Promise<void>((resolve, reject) => {
        child.stdout!.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          if (said.includes('Ready to accept connections')) resolve();
        });
        child.once('exit', () => reject(new Error(`redis-server has ended: ${said}`)));
      });
    },
    async stop() {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
