#!/usr/bin/env node
const [major] = process.versions.node.split('.').map(Number);

if (major < 20) {
  process.stderr.write(`bnnc needs Node 20 or newer; this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  const [{ existsSync }, module] = await Promise.all([import('node:fs'), import('node:module')]);
  // From Node 22.1 on compiled code is kept for the next start.
  /** @type {{ enableCompileCache?: () => void }} */ (module).enableCompileCache?.();
  const program = new URL('../dist/cli/main.js', import.meta.url);
  if (existsSync(program)) {
    try {
      const { main } = await import(program.href);
      process.exitCode = await main(process.argv.slice(2));
    } catch (error) {
      // What main cannot tell of: not even its own files can be opened.
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
      process.stderr.write(`bnnc: too many files are open (${code}): raise the limit, such as by \`ulimit -n 1024\`.\n`);
      process.exitCode = 1;
    }
    // Whoever feeds stdin may never close it; what was written to stdout has been waited for.
    process.exit();
  } else {
    process.stderr.write('bnnc is not built yet: run `npm run build`.\n');
    process.exitCode = 1;
  }
}
