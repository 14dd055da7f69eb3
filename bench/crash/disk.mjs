// Disks that are full or that may only be read.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openModel } from 'bnnc';
import { ended, leftOf, Tally, TRAIN, useRun } from './command.mjs';

const EXIT_CODES = [0, 1, 2, 3, 4, 5, 6];

/** A disk of its own in memory; undefined where the system does not let us. */
function mounted(folder, bytes) {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
    return () => execFileSync('umount', [folder]);
  } catch {
    return undefined;
  }
}

/** Disks of ever other sizes, from nothing to enough; then the room is made, and the same command is run again. */
export async function fullPart({ cwd, times, stream }) {
  const all = [];
  await ended([...TRAIN, '-o', 'source', '--force'], cwd);
  const commands = {
    train: { args: (disk) => [...TRAIN, '-o', path.join(disk, 'out')], use: (disk) => useRun('out', disk) },
    prune: {
      args: (disk) => ['prune', 'source', '-q', '-o', path.join(disk, 'out'), '--format', 'json,onnx,safetensors'],
      use: (disk) => openModel(path.join(disk, 'out')),
    },
  };
  for (const [name, { args, use }] of Object.entries(commands)) {
    const tally = new Tally();
    for (let time = 0; time < times; time++) {
      const disk = path.join(cwd, `disk-${name}-${time}`);
      const bytes = Math.round(4096 + (name === 'train' ? 300_000 : 160_000) * stream.uniform());
      const filler = path.join(disk, 'filler');
      // The disk has room; a file fills it but for so many bytes.
      const release = mounted(disk, 4_000_000);
      if (release === undefined) return [];
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, 4_000_000 - bytes)));
        const { code, text } = await ended(args(disk), cwd);
        const left = leftOf(path.join(disk, 'out'));
        tally.count(code === 0 ? 'complete' : left);
        const at = `${bytes} bytes`;
        if (code === 0) await use(disk).catch((error) => tally.fault(`${at}: ${error.message}`));
        else if (!EXIT_CODES.includes(code) || /internal|\bat .*:\d+:\d+/.test(text) || !/space|full/i.test(text)) tally.fault(`${at}, code ${code}: ${text}`);
        if (code !== 0 && left === 'complete') tally.fault(`${at}: a complete folder although the command failed: ${text}`);
        rmSync(filler);
        if (code !== 0) {
          const again = await ended([...args(disk), ...(existsSync(path.join(disk, 'out')) ? ['--force'] : [])], cwd);
          if (again.code !== 0) tally.fault(`${at}, then: ${again.text}`);
          else await use(disk).catch((error) => tally.fault(`${at}, then: ${error.message}`));
        }
      } finally {
        release();
      }
    }
    all.push({ what: `\`${name}\` on a disk with ${name === 'train' ? '4 to 304' : '4 to 164'} kB left`, tally });
  }
  return all;
}

/** A disk that turns read-only while the command runs, or before. */
export async function readOnlyPart({ cwd, times, stream }) {
  const tally = new Tally();
  for (let time = 0; time < times; time++) {
    const disk = path.join(cwd, `read-only-${time}`);
    const release = mounted(disk, 4_000_000);
    if (release === undefined) return [];
    try {
      cpSync(path.join(cwd, 'data.csv'), path.join(disk, 'data.csv'));
      const after = time % 4 === 0 ? 0 : 2500 * stream.uniform();
      const remount = () => { try { execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'ignore' }); } catch { /* A file is being written: it stays as it is. */ } };
      if (after === 0) remount();
      const timer = after === 0 ? undefined : setTimeout(remount, after);
      const { code, text } = await ended([...TRAIN, '-o', 'out'], disk);
      clearTimeout(timer);
      const left = leftOf(path.join(disk, 'out'));
      tally.count(left);
      const at = `after ${Math.round(after)} ms, code ${code}`;
      if (code === 0) await useRun('out', disk).catch((error) => tally.fault(`${at}: ${error.message}`));
      else if (!EXIT_CODES.includes(code) || /internal|\bat .*:\d+:\d+/.test(text) || !/read-only/i.test(text)) tally.fault(`${at}: ${text}`);
      if (code !== 0 && left === 'complete') tally.fault(`${at}: complete although the command failed: ${text}`);
      execFileSync('mount', ['-o', 'remount,rw', disk]);
      if (code !== 0) {
        const again = await ended([...TRAIN, '-o', 'out', ...(left === 'nothing' ? [] : ['--force'])], disk);
        if (again.code !== 0) tally.fault(`${at}, then: ${again.text}`);
      }
    } finally {
      release();
    }
  }
  return [{ what: '`train` on a disk that turns read-only', tally }];
}
