/** history.csv: the history of every fit. */
import type { HistoryRow } from '../train/history.js';
import { damaged, readRows, recordsTable } from './tables.js';

/** The rows of one fit. */
export interface FitHistory {
  /** `restart 1`, ..., `reference`. */
  fit: string;
  rows: HistoryRow[];
}

const COLUMNS = [
  'fit', 'epoch', 'step', 'elbo', 'log_likelihood', 'kl', 'beta', 'noise_variance', 'active_weights', 'active_nodes', 'active_inputs',
] as const;

type Cells = Record<(typeof COLUMNS)[number], string | number>;

/** All rows, fit after fit. */
export const historyTable = (fits: readonly FitHistory[]): string =>
  recordsTable(fits.flatMap(({ fit, rows }) => rows.map((row): Cells => ({
    fit, epoch: row.epoch, step: row.step, elbo: row.elbo, log_likelihood: row.logLikelihood, kl: row.kl, beta: row.beta,
    noise_variance: row.noiseVariance,
    active_weights: row.active.weights, active_nodes: row.active.nodes, active_inputs: row.active.inputs,
  }))));

/** Reads history.csv back, the fits in their order. @throws run.damaged */
export function readHistoryRows(text: string, file: string): FitHistory[] {
  const fits = new Map<string, HistoryRow[]>();
  for (const [fit, ...cells] of readRows(text, file, COLUMNS)) {
    const numbers = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
    if (!numbers.every(Number.isFinite)) throw damaged(file, `fit '${fit}': ${cells.join(', ')} are not all numbers`);
    const [epoch, step, elbo, logLikelihood, kl, beta, noiseVariance, weights, nodes, inputs] = numbers;
    const row = { epoch, step, elbo, logLikelihood, kl, beta, noiseVariance, active: { weights, nodes, inputs } };
    fits.set(fit, [...(fits.get(fit) ?? []), row]);
  }
  return Array.from(fits, ([fit, rows]) => ({ fit, rows }));
}
