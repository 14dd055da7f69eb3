/** Tables in which rows of one patient are alike, and the labels are those of patients. */
import { rowsTable, type Row, type Table } from '../../src/data/index.js';
import { Stream } from '../../src/random.js';
import { READ } from '../unit/data/sources.js';

export interface Patients {
  patients?: number;
  rows?: number;
  inputs?: number;
  /** Standard deviation of the inputs within a patient; between patients it is 1. */
  within?: number;
  seed?: number;
  /** The cell that says whose row it is; `undefined`: none does. */
  name?: ((patient: number) => string | number) | undefined;
  /** The label of a patient; default: random. */
  label?: (own: Float32Array, chance: number) => string;
}

export function patientRows(options: Patients = {}): Row[] {
  const { patients = 20, rows = 10, inputs = 6, within = 0.02, seed = 1, label = (_, chance) => (chance < 0.5 ? 'a' : 'b') } = options;
  const name = 'name' in options ? options.name : (patient: number) => `p${patient}`;
  const stream = Stream.fromSeed(seed).split('patients');
  // Half of them of each class, in random order, so that no seed has one class.
  const order = stream.split('order').permutation(patients);
  return Array.from({ length: patients }, (_, p) => {
    const own = stream.split('own', p).normals(inputs);
    const y = label(own, (order[p] + 0.5) / patients);
    return Array.from({ length: rows }, (__, n) => {
      const noise = stream.split('row', p, n).normals(inputs);
      const x = Object.fromEntries(Array.from(own, (value, i) => [`x${i + 1}`, value + within * noise[i]]));
      return { ...(name && { patient: name(p) }), ...x, y };
    });
  }).flat();
}

export const patientTable = (options: Patients = {}): Table => rowsTable(patientRows(options), READ);
