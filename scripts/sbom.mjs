/**
 * `npm run --silent sbom > sbom.json`: what an installed bnnc consists of besides itself, as a CycloneDX document, by npm from
 * package-lock.json. Times and a random number are left out: the same lock gives the same bytes.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, SetupError } from './setup/run.mjs';
import { runScript } from './setup.mjs';

await runScript(async () => {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: ROOT, maxBuffer: 1e8, shell: process.platform === 'win32' });
  if (status !== 0) throw new SetupError(`npm sbom failed, which npm 10 and newer have: ${stderr}`);
  const { serialNumber: _random, metadata, components, dependencies, ...rest } = JSON.parse(stdout.toString());
  delete metadata.timestamp;
  // npm takes the name of the folder.
  metadata.component.name = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).name;
  const installed = installedRefs();
  const known = new Set([metadata.component['bom-ref'], ...installed]);
  const document = {
    ...rest, metadata,
    components: components.filter((each) => installed.has(each['bom-ref'])),
    dependencies: dependencies.filter(({ ref }) => known.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => known.has(each)) })),
  };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
});

/** `name@version` of what is not for development alone; `npm sbom --omit dev` leaves out what both need. */
function installedRefs() {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  const others = Object.entries(packages).filter(([place, { dev }]) => place !== '' && !dev);
  return new Set(others.map(([place, { name, version }]) => `${name ?? place.split('node_modules/').at(-1)}@${version}`));
}
