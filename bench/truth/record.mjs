// What is kept of a cell.

/** Weights that are not pruned away; biases are not counted. */
const weightsOf = ({ layers }) => layers.reduce((sum, { weightSd }) => sum + weightSd.filter((sd) => sd > 0).length, 0);

export function recordOf({ protocol, learned, outcome, curve, truth, prepared, copies }) {
  const { kept, dense, full, pruned, tuned, model, tunedModel } = outcome;
  const pips = learned.inputs.map(({ input, pip, pipMin, pipMax }) => ({
    input, pip: digits(pip), pipMin: digits(pipMin), pipMax: digits(pipMax), ...(truth && { true: truth.includes(input) }),
  }));
  const told = new Set([...kept, ...(truth ?? []), ...highestFalse(pips)]);
  return {
    rows: { train: prepared.splits.train.length, test: prepared.sets.test.y.length },
    inputs: learned.inputs.length, kept, truth,
    pips: protocol.kept === 'all' ? pips : pips.filter(({ input }) => told.has(input)),
    metrics: { dense: dense?.metrics, full: full.metrics, pruned: pruned.metrics, tuned: tuned.metrics },
    sizes: { dense: dense?.size, full: full.size, pruned: pruned.size, tuned: tuned.size },
    weights: { full: weightCount(prepared.shape), pruned: weightsOf(model), tuned: weightsOf(tunedModel) },
    nodes: model.layers.slice(0, -1).reduce((sum, { outputs }) => sum + outputs, 0),
    gates: learned.assessed[learned.best].posterior.gates,
    ...(learned.temperature && { temperature: learned.temperature }),
    ...(copies && { copies: copies.map(({ input, w, fdr }) => ({ input, w: digits(w), fdr: digits(fdr) })) }),
    elbos: learned.assessed.map(({ elbo }) => elbo.elbo), best: learned.best,
    ...(curve.length > 0 && { curve: curve.map(pointOf) }),
  };
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
