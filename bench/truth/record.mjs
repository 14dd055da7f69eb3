// What is kept of a cell.
import { prunedWithBackground } from './background.mjs';

/** Weights that are not pruned away; biases are not counted. */
const weightsOf = ({ layers }) => layers.reduce((sum, { weightSd }) => sum + weightSd.filter((sd) => sd > 0).length, 0);

export function recordOf({ protocol, learned, outcome, curve, truth, prepared, copies }) {
  const { kept, dense, full, pruned, tuned, model, tunedModel } = outcome;
  const background = prunedWithBackground({ learned, outcome, prepared });
  const losses = { ...outcome.losses, background: background?.losses };
  const pips = learned.inputs.map(({ input, pip, pipMin, pipMax, nonlinear, verdict, unstable }) => ({
    input, pip: digits(pip), pipMin: digits(pipMin), pipMax: digits(pipMax), unstable,
    ...(nonlinear !== undefined && { nonlinear: digits(nonlinear), verdict }), ...(truth && { true: truth.includes(input) }),
  }));
  const told = new Set([...kept, ...(truth ?? []), ...highestFalse(pips)]);
  return {
    rows: { train: prepared.splits.train.length, test: prepared.sets.test.y.length },
    inputs: learned.inputs.length, kept, truth,
    pips: protocol.kept === 'all' ? pips : pips.filter(({ input }) => told.has(input)),
    metrics: {
      none: outcome.baseline?.metrics, linear: outcome.linear?.metrics,
      dense: dense?.metrics, full: full.metrics, pruned: pruned.metrics, tuned: tuned.metrics, background: background?.metrics,
    },
    differences: {
      fullLinear: difference(losses, 'full', 'linear'), fullDense: difference(losses, 'full', 'dense'), prunedDense: difference(losses, 'pruned', 'dense'),
      backgroundFull: difference(losses, 'background', 'full'), backgroundDense: difference(losses, 'background', 'dense'),
      backgroundPruned: difference(losses, 'background', 'pruned'),
    },
    sizes: { dense: dense?.size, full: full.size, pruned: pruned.size, tuned: tuned.size, background: background?.size },
    weights: { full: weightCount(prepared.shape), pruned: weightsOf(model), tuned: weightsOf(tunedModel) },
    nodes: model.layers.slice(0, -1).reduce((sum, { outputs }) => sum + outputs, 0),
    ...(learned.search && { search: learned.search }),
    gates: learned.assessed[learned.best].posterior.gates,
    ...(learned.temperature && { temperature: learned.temperature }),
    ...(copies && { copies: copies.map(({ input, w, fdr }) => ({ input, w: digits(w), fdr: digits(fdr) })) }),
    elbos: learned.assessed.map(({ elbo }) => elbo.elbo), best: learned.best,
    bounds: learned.assessed.map(({ bound }) => bound),
    background: learned.assessed[learned.best].posterior.background !== undefined,
    ...(curve.length > 0 && { curve: curve.map(pointOf) }),
  };
}

/** What one model loses more than another on the test rows, in nats: number of rows, sum, and sum of squares. */
function difference(losses, a, b) {
  if (!losses[a] || !losses[b]) return undefined;
  const rows = Array.from(losses[a].nll, (loss, n) => loss - losses[b].nll[n]);
  const sum = (/** @type {(d: number) => number} */ of) => rows.reduce((total, d) => total + of(d), 0);
  return { rows: rows.length, sum: sum((d) => d), squares: sum((d) => d * d) };
}

const pointOf = ({ threshold, kept, pruned, tuned, model }) =>
  ({ threshold, kept: kept.length, weights: weightsOf(model), pruned: pruned.metrics, tuned: tuned.metrics });

const weightCount = ({ widths }) => widths.slice(1).reduce((sum, width, l) => sum + width * widths[l], 0);

const digits = (p) => Number(p.toPrecision(6));

/** The input of highest probability among those that are not true. */
function highestFalse(pips) {
  const others = pips.filter((row) => row.true === false).sort((a, b) => b.pip - a.pip);
  return others.slice(0, 1).map(({ input }) => input);
}
