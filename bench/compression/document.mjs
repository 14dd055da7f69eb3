// The page: one table, and what it says of the targets.
import { number, signed, table } from '../truth/format.mjs';
import { SEED } from './train.mjs';

const times = ({ before, after }) => before / after;
const ratio = (value) => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ×`;
const count = (value) => value.toLocaleString('en');
const micro = (milliseconds) => (1000 * milliseconds).toFixed(1);

/** Not more than one standard error of the paired difference worse. */
const equal = ({ difference }) => difference.mean <= difference.standardError;

export const lineOf = ({ name, inputs, parameters, bytes, compared, latency }) =>
  `${name}: ${inputs.after} of ${inputs.before} inputs, parameters ${ratio(times(parameters))}, bytes ${ratio(times(bytes))}, ` +
  `${latency.map(({ batch, plain, bound }) => `batch ${batch} ${ratio(times(plain))} (bound ${ratio(times(bound))})`).join(', ')}, ` +
  `loss ${number(compared.before)} to ${number(compared.after)}${equal(compared) ? '' : ' (worse)'}`;

function sizes(rows) {
  return table(['set', 'inputs', 'parameters', 'fewer', 'non-zero', 'multiply-adds', 'fewer', 'bits',
    'ONNX bytes: dense', 'pruned', 'and quantized', 'fewer', 'gzipped', 'fewer'],
    rows.map(({ name, inputs, parameters, weights, multiplyAdds, bits, bytes, gzip }) => [
      name, `${inputs.before} → ${inputs.after}`, `${count(parameters.before)} → ${count(parameters.after)}`, ratio(times(parameters)),
      count(weights), `${count(multiplyAdds.before)} → ${count(multiplyAdds.after)}`, ratio(times(multiplyAdds)), bits.join(', '), count(bytes.before), count(bytes.plain), count(bytes.after), ratio(times(bytes)),
      `${count(gzip.before)} → ${count(gzip.after)}`, ratio(times(gzip)),
    ]));
}

function losses(rows) {
  return table(['set', 'test rows', 'loss', 'dense, means', 'dense, averaged', 'exported', 'difference ± standard error', 'within one standard error'],
    rows.map(({ name, task, compared }) => {
      const { rows: n, means, before, after, difference } = compared;
      return [
        name, count(n), task === 'regression' ? 'mean squared error' : 'error rate', number(means), number(before), number(after),
        `${signed(difference.mean)} ± ${number(difference.standardError)}`, equal(compared) ? 'yes' : '**no**',
      ];
    }));
}

/** By batch, of one way to call. */
function timings(rows, way) {
  return table(['set', ...rows[0].latency.flatMap(({ batch }) => [`batch ${batch}: dense, µs`, 'exported, µs', 'faster'])],
    rows.map(({ name, latency }) => [
      name, ...latency.map((time) => time[way]).flatMap((time) => [micro(time.before), micro(time.after), ratio(times(time))]),
    ]));
}

function targets(rows) {
  const small = rows.filter(({ name }) => name !== 'mnist');
  const met = (test) => `${small.filter(test).length} of ${small.length}`;
  const mnist = rows.find(({ name }) => name === 'mnist');
  const lines = [
    `UCI sets: ≥ 15 times fewer parameters: ${met(({ parameters }) => times(parameters) >= 15)}; ≥ 8 times fewer ONNX bytes: ` +
      `${met(({ bytes }) => times(bytes) >= 8)}; loss within one standard error of the dense network's, or better: ` +
      `${met(({ compared }) => equal(compared))}; all three: ` +
      `${met(({ parameters, bytes, compared }) => times(parameters) >= 15 && times(bytes) >= 8 && equal(compared))}.`,
  ];
  if (mnist) {
    const [one] = mnist.latency;
    lines.push(`MNIST, 5,000 images: ${ratio(times(mnist.bytes))} fewer bytes (target 100); latency of one row ${ratio(times(one.plain))} lower as a ` +
      `Python call, ${ratio(times(one.bound))} with input and output bound (target 5); error rate ${number(mnist.compared.before)} dense, ${number(mnist.compared.after)} exported.`);
  }
  return lines.map((line) => `- ${line}`);
}

export function document(rows, { commit, machine, onnxruntime, date, load }) {
  return [
    '# Compression', '',
    `Made by \`npm run bench:compression\` on ${date}, commit ${commit}; ${machine.cores} cores, ${machine.cpu}, ${machine.gigabytes} GB; ` +
      `Node ${machine.node}, onnxruntime ${onnxruntime} (Python, one thread); load of the machine at the end ${load.toFixed(1)}. Seed ${SEED}.`, '',
    'UCI sets: networks of 2 × 50 nodes with the defaults, 80 % of the rows for training, pruned at a PIP of 0.5. MNIST: 5,000 images,',
    '784-400-400-10, temperature 0.04 (0.2 and 0.1 gave error rates of .083 and .088 on the same images), pruned at 0.5 and fine-tuned;',
    '1,000 test images. All are quantized. "dense" is the mean-field network without gates that `bnnc train` trains beside; both files',
    'come from the same writer and run in onnxruntime.', '',
    '## Targets', '', ...targets(rows), '', '## Sizes', '', ...sizes(rows),
    '## Loss on test rows', '', '"Exported" is the file as onnxruntime runs it: the network of posterior means. Of the dense network stand both that and the',
    'average over 64 draws of its posterior, which mostly does better; the difference is to this.', '', ...losses(rows),
    '## Latency', '', 'Time of one call, the least of several rounds in which both networks take turns. First as a Python program calls',
    '`session.run` with an array: that call itself costs about ten microseconds, which is all there is to see in small networks.', '',
    ...timings(rows, 'plain'),
    'With input and output bound to memory beforehand (`run_with_iobinding`), which leaves little but the work of the runtime:', '',
    ...timings(rows, 'bound'),
  ].join('\n').trimEnd() + '\n';
}
