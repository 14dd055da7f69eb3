/** `bnnc doctor`: which engine runs and why, which versions are there, and how to get the fast engine. */

import { doctor, type Check, type Diagnosis } from '../../../api/doctor.js';
import type { DoctorFlags } from '../../../api/options/look.js';
import { documentText } from '../../../api/output.js';
import { plural } from '../../../wording.js';
import type { CliContext } from '../../context.js';

export async function run(_args: string[], flags: DoctorFlags, { terminal }: CliContext): Promise<void> {
  const { verbose = false, json = false } = flags;
  const found = await doctor({ steps: verbose || json });
  await terminal.result(json ? documentText(found) : diagnosisText(found, verbose));
}

function diagnosisText({ versions, system, engine, advice, checks }: Diagnosis, verbose: boolean): string {
  const rows: Check[] = [
    { name: 'engine', finding: engineText(engine) },
    { name: 'why', finding: engine.why },
    { name: 'threads', finding: `${engine.threads} on ${plural(system.cores, 'core')}` },
    { name: 'bnnc', finding: versions.bnnc },
    { name: 'node', finding: `${versions.node} (${system.platform} ${system.arch})` },
    { name: 'tfjs', finding: versions.tfjs },
  ];
  const shown = verbose ? [...rows, ...checks] : rows;
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, finding }) => `${name.padEnd(width)}  ${finding}`);
  return `${[...lines, ...(advice ? ['', advice] : [])].join('\n')}\n`;
}

function engineText(engine: Diagnosis['engine']): string {
  return engine.name === 'tensorflow' ? `tensorflow ${engine.tensorflow} (native)` : 'wasm (WebAssembly, several times slower)';
}
