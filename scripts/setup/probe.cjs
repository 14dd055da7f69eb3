// Loads tfjs-node from the folder given and multiplies once; prints the version of the TensorFlow library. The set-up runs it in
// a process of its own, for a library that does not fit may end the process.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
const util = require('node:util');
// tfjs-node 4.22 calls both: Node 22 and later warn of them, and Node 23 removed isNullOrUndefined.
Object.assign(util, { isNullOrUndefined: (value) => value === null || value === undefined, isArray: Array.isArray });

const tf = require(process.argv[2]);
const [product] = tf.matMul([[2, 3]], [[5], [7]]).dataSync();
if (tf.getBackend() !== 'tensorflow' || product !== 31) throw new Error(`2*5 + 3*7 gave ${product} on ${tf.getBackend()}`);
process.stdout.write(`\n${tf.backend().binding.TF_Version}\n`);
