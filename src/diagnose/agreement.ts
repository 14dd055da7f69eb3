/** Whether the fits of a run agree on its inputs, and what it means if they do not. */
import { RIVAL } from '../inference/inclusion/restarts.js';
import { rangeOf } from '../text/input-verdict.js';
import { isLinear } from '../train/fits.js';
import type { InputInclusion } from '../types.js';
import type { SearchFacts } from '../work/run-metrics.js';
import { listed, plural } from '../wording.js';
import type { Finding, RunState } from './finding.js';

/** Nats between two bounds up to which both fits explain the rows about as well. */
export const CLOSE_BOUND = 5;
/** Weight in the average of two networks, so many nats apart, that the worse one has. */
const FAR_WORSE = 1 / (1 + Math.exp(CLOSE_BOUND));

/** A fit among those whose bounds can be compared. */
interface Fit {
  name: string;
  bound: number;
  /** Whether it is the linear model beside networks with hidden units. */
  linear: boolean;
  inputs: ReadonlySet<string> | undefined;
}

/**
 * Inputs on which fits disagree, and what their bounds say of it. A small averaged PIP is no excuse: the weights of the average
 * are exp(bound), and another seed may well find the other network alone.
 */
export function agreed({ inputs, metrics: { restarts, search } }: RunState): Finding[] {
  if (search) return chainsAgree(inputs, search);
  const fits = fitsOf(restarts);
  const single: Finding[] = fits.filter(({ linear }) => !linear).length > 1 ? [] : [{
    code: 'single-restart', severity: 'note', text: 'one restart alone cannot show how much depends on its random start',
    remedy: 'Train with train.restarts of 4 or more before you rely on the results.',
  }];
  const torn = inputs.filter(({ unstable }) => unstable);
  if (torn.length === 0 || fits.length === 1) return single;
  const { text, remedy } = meaningOf(torn, fits);
  return [{
    code: 'restarts-disagree', severity: 'warning',
    text: `the fits disagree on ${listed(torn.map((input) => rangeOf(input, usedBy(input, fits))))}; ${text}`, remedy,
  }, ...single];
}

/** Chains went on as long as they might. */
function chainsAgree(inputs: readonly InputInclusion[], { chains, steps: { counted } }: SearchFacts): Finding[] {
  const torn = inputs.filter(({ unstable }) => unstable);
  if (torn.length === 0) return [];
  return [{
    code: 'chains-disagree', severity: 'warning',
    text: `after ${counted.toLocaleString('en')} steps ${plural(chains.length, 'chain')} over structures, or their two estimates, disagree on `
      + listed(torn.map((input) => rangeOf(input))),
    remedy: 'Raise search.steps. Until they agree, treat these inputs as possible, not certain.',
  }];
}

/** By descending bound. Runs of earlier versions have ELBOs alone, which can be compared where the gates are the same. */
function fitsOf(restarts: RunState['metrics']['restarts']): Fit[] {
  const gates = restarts.find(({ chosen }) => chosen)?.gates;
  const all = restarts.map(({ name = '', bound, elbo, inputs, ...own }, r) => ({
    name: name || `restart ${r + 1}`, bound: bound ?? elbo.elbo, linear: isLinear({ name }),
    inputs: inputs && new Set(inputs), comparable: bound !== undefined || own.gates === gates,
  }));
  return all.filter(({ comparable }) => comparable).sort((a, b) => b.bound - a.bound);
}

/** `in 2 of 6 fits`; nothing where it is not known. What fits came by on their way may differ from where they ended. */
function usedBy({ input }: InputInclusion, fits: readonly Fit[]): string | undefined {
  if (fits.some(({ inputs }) => inputs === undefined)) return undefined;
  const count = fits.filter(({ inputs }) => inputs!.has(input)).length;
  if (count === 0) return 'in no fit but on the way';
  return count === fits.length ? `in all ${count} fits, not always on the way` : `in ${count} of ${fits.length} fits`;
}

/** What it means that fits disagree on some inputs. @param fits by descending bound, at least two */
function meaningOf(torn: readonly InputInclusion[], fits: readonly Fit[]): Pick<Finding, 'text' | 'remedy'> {
  const [best] = fits;
  // A linear fit cannot show that a network with hidden units is found again.
  const others = fits.slice(1).filter(({ linear }) => best.linear || !linear);
  const [next = fits[1]] = others;
  const led = `the best bound, of '${best.name}', leads by ${(best.bound - next.bound).toFixed(1)} nats`;
  if (!others.some(({ bound }) => bound >= best.bound - RIVAL)) {
    return {
      text: `${led}, so no other of ${fits.length} fits found this network`,
      remedy: 'Raise train.restarts until two fits reach the best bound. Until then other inputs may come in, too.',
    };
  }
  if (torn.some(({ pip }) => Math.min(pip, 1 - pip) >= FAR_WORSE)) {
    return {
      text: `${led}, so several sets of inputs explain the rows about equally well`,
      remedy: 'Use their averaged PIPs, and treat these inputs as possible, not certain. More train.restarts make the averages more reliable.',
    };
  }
  return {
    text: `the bounds of those that differ from the best, '${best.name}', are more than ${CLOSE_BOUND} nats lower`,
    remedy: 'Another seed may find only what these others found: do not use fewer train.restarts.',
  };
}
