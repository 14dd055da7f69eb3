// Cases of one kind in a process of its own, which may write in its own folder alone: Node refuses it all other places.
import { Stream } from 'bnnc/parts';
import { outcome } from './case.mjs';
import { KINDS } from './kinds.mjs';

process.on('message', async (/** @type {any} */ { name, seed, from, to, base, folder }) => {
  for (let n = from; n < to; n++) {
    const begun = process.cpuUsage();
    process.send({ begun: n });
    const found = await outcome(KINDS[name], { stream: Stream.fromSeed(`${seed} ${name} ${n}`), base, folder });
    const { user, system } = process.cpuUsage(begun);
    process.send({ done: n, ms: (user + system) / 1000, memory: process.resourceUsage().maxRSS / 1024, ...found });
  }
  process.disconnect();
});
