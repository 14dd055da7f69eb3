/** What proposals are guided by: what each input tells alone, and which inputs are alike. It does not depend on the state. */
import type { Evaluator } from './evaluator.js';
import { fitNetwork } from './fit.js';
import { mixed } from './draw.js';
import { emptyNetwork } from './network.js';
import type { SearchTable } from './problem.js';
import { boundTo, scoreOf } from './scores.js';
import type { Slabs } from './scales.js';

/** Partners are drawn by this power of their correlation, and so often uniformly. */
const POWER = 6;
const UNIFORM = 0.3;
/** Of the argument of the unit that stands for a nonlinear effect of a single column. */
const STEEPNESS = 1.5;

export class Guide {
  /** p: probabilities of inputs by what they tell alone, half of it uniform. */
  readonly marginal: Float64Array;
  /** p: log Bayes factor of each input alone, linear or even, in nats. */
  readonly alone: Float64Array;
  private readonly columns: Float64Array[];
  private readonly related = new Map<number, Float64Array>();
  private readonly partners = new Map<number, Float64Array>();

  constructor(private readonly table: SearchTable, evaluator: Evaluator, slabs: Slabs) {
    this.columns = table.x.map(unit);
    const fit = fitNetwork(evaluator, emptyNetwork(table.outputs), slabs);
    const bound = boundTo(evaluator);
    this.alone = Float64Array.from(table.places, (places) => {
      let best = -Infinity;
      for (let k = 0; k < table.outputs; k++) {
        let [linear, even] = [0, 0];
        for (const c of places) {
          linear += scoreOf(bound, fit, table.x[c], k, slabs.skip).log;
          even = Math.max(even, scoreOf(bound, fit, table.x[c].map(bent), k, slabs.out).log);
        }
        best = Math.max(best, linear, even);
      }
      return best;
    });
    this.marginal = mixed(this.alone, 0.25, 0.5);
  }

  /** p: correlation of largest size between columns of the input and of each other. */
  correlations(input: number): Float64Array {
    const known = this.related.get(input);
    if (known) return known;
    const { table: { places }, columns } = this;
    const found = Float64Array.from(places, (others, other) => {
      let best = 0;
      if (other === input) return 0;
      for (const a of places[input]) {
        for (const b of others) {
          let sum = 0;
          for (let n = 0; n < columns[a].length; n++) sum += columns[a][n] * columns[b][n];
          if (Math.abs(sum) > Math.abs(best)) best = sum;
        }
      }
      return best;
    });
    this.related.set(input, found);
    return found;
  }

  /** p: probabilities of the inputs that one is exchanged for. */
  partner(input: number): Float64Array {
    const known = this.partners.get(input);
    if (known) return known;
    const others = this.table.inputs - 1;
    const shares = this.correlations(input).map((r) => Math.abs(r) ** POWER);
    const total = shares.reduce((sum, share) => sum + share, 1e-9);
    const made = shares.map((share, other) => (other === input ? 0 : (1 - UNIFORM) * share / total + UNIFORM / others));
    // What rounding and the small number in the total left out.
    const sum = made.reduce((all, share) => all + share, 0);
    const normalised = made.map((share) => share / sum);
    this.partners.set(input, normalised);
    return normalised;
  }

  /** p: probabilities of the inputs of new edges: half by what they tell alone, half uniform over those that are active. */
  edges(active: readonly number[]): Float64Array {
    if (active.length === 0) return this.marginal;
    const mixture = this.marginal.map((share) => share / 2);
    for (const input of active) mixture[input] += 0.5 / active.length;
    return mixture;
  }
}

/** phi(1.5 x). */
const bent = (x: number): number => STEEPNESS * x * (1 / (1 + Math.exp(-STEEPNESS * x)) - 0.5);

function unit(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const length = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return column.map((value) => (length > 0 ? (value - mean) / length : 0));
}
