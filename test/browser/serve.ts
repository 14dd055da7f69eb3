/** A web server for one test, and the browser that visits it. */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** Debian's and others' names of it. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync'];

export const launch = (): Promise<Browser> => chromium.launch({
  ...(CHROMIUM && { executablePath: CHROMIUM }), headless: true, args: ARGS,
});

const TYPES: Record<string, string> = {
  '.html': 'text/html', '.mjs': 'text/javascript', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm',
};

/** Serves the files by name on this machine alone. */
export async function serve(files: ReadonlyMap<string, Uint8Array>): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    const bytes = files.get(name);
    response.writeHead(bytes === undefined ? 404 : 200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' });
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
