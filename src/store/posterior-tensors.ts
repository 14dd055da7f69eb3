/** The posterior as named tensors: what posterior.safetensors in a run folder holds (docs/formats.md). */
import { likelihoodOf, tasks } from '../likelihood/index.js';
import { ACTIVATION_NAMES } from '../activations.js';
import { fail, type BnncError } from '../errors.js';
import type { Tensor, Tensors } from '../export/safetensors/safetensors.js';
import { tierGates } from '../model/gates.js';
import { graphFault, graphOf } from '../model/graph.js';
import { averageFrom, averageTensors, type NumberArray, type Take } from './average-tensors.js';
import type { BlockPrior, Gates, InputGates, LayerPosterior, OwnPriors, Posterior, RowsPrior, Spike } from '../types.js';

export const POSTERIOR_FORMAT = 'bnnc-posterior';
export const POSTERIOR_SCHEMA_VERSION = '3';
/** Of networks with an average over structures there is no other; of those that have none this one is written. */
const ALONE_VERSION = '2';
/**
 * Of networks whose layers all read the layer before, without a background; nothing about them has changed since. Programs that
 * know this version alone would read the others, and predict with a part of them.
 */
const PLAIN_VERSION = '1';

/** A posterior's tensors and the metadata that go with them. */
export interface StoredPosterior {
  tensors: Tensors;
  metadata: Record<string, string>;
}

const GATES: readonly Gates[] = ['both', 'node', 'weight', 'none'];
const SPIKES: readonly Spike[] = ['dirac', 'gaussian'];

/**
 * Tensors `layer1.mu` [d, k], ..., `layer1.prior` [node, edge, tau, and a Gaussian spike's scale], `noise_variance` [1]. Gates
 * lie with the layer after their tier (model/graph.ts): those of the inputs in layer 1, those of hidden layer l in layer l + 1.
 * A layer that reads other than all units of the layer before says what its rows are, `layer2.sources` [d], and if they come
 * from several tiers also `layer2.earlier_priors` [blocks, 3 or 4]: rows, edge, tau and spike of all tiers but the last.
 * Where inputs have priors of their own: `layer1.own_priors` [gates], -1 for the others, 1 for those that are kept.
 */
export function posteriorToTensors(posterior: Posterior): StoredPosterior {
  const { task, activation, gates, layers, noiseVariance, background, average } = posterior;
  const graph = graphOf(posterior);
  const tensors: Tensors = { noise_variance: { shape: [1], data: Float64Array.of(noiseVariance) } };
  tierGates(posterior).forEach(({ z, prior: node }, l) => {
    const layer = layers[l];
    const { inputs, outputs, prior: { edge, tau, spike } } = layer;
    const values = [node, edge, tau, ...(spike === undefined ? [] : [spike])];
    const group = l === 0 ? posterior.inputs.group : Int32Array.from(z, (_, unit) => unit);
    const { sources } = graph.field(l);
    const part: Record<string, Tensor> = {
      mu: { shape: [inputs, outputs], data: layer.mu },
      sigma: { shape: [inputs, outputs], data: layer.sigma },
      alpha: { shape: [inputs, outputs], data: layer.alpha },
      z: { shape: [z.length], data: z },
      group: { shape: [group.length], data: group },
      bias_mu: { shape: [outputs], data: layer.biasMu },
      bias_sigma: { shape: [outputs], data: layer.biasSigma },
      prior: { shape: [values.length], data: Float64Array.from(values) },
      ...(l === 0 && posterior.inputs.own && { own_priors: ownPriors(posterior.inputs.own) }),
      ...(sources && { sources: { shape: [sources.length], data: sources } }),
      ...(layer.earlier && { earlier_priors: rowsPriors(layer.earlier) }),
    };
    for (const [name, tensor] of Object.entries(part)) tensors[`layer${l + 1}.${name}`] = tensor;
  });
  if (background) {
    tensors['background.weight'] = { shape: [graph.columns, background.bias.length], data: background.weight };
    tensors['background.bias'] = { shape: [background.bias.length], data: background.bias };
    tensors['background.share'] = { shape: [1], data: Float64Array.of(background.share) };
  }
  if (average) Object.assign(tensors, averageTensors(average));
  const alone = graph.plain && !background ? PLAIN_VERSION : ALONE_VERSION;
  const schemaVersion = average ? POSTERIOR_SCHEMA_VERSION : alone;
  const metadata = {
    format: POSTERIOR_FORMAT, schemaVersion, task, activation, gates, layers: String(layers.length),
    ...(layers[0].prior.spike !== undefined && { spike: 'gaussian' }),
  };
  return { tensors, metadata };
}

/**
 * @param file what errors call it.
 * @throws `run.not-a-posterior`, `run.posterior-version`, `run.posterior-invalid`.
 */
export function posteriorFromTensors({ tensors, metadata }: StoredPosterior, file: string): Posterior {
  checkFormat(metadata, file);
  const choice = <T extends string>(key: string, allowed: readonly T[]): T => {
    const found = allowed.find((value) => value === metadata[key]);
    if (found === undefined) throw invalid(file, `its ${key} is '${metadata[key] ?? ''}'`);
    return found;
  };
  const depth = Number(metadata.layers);
  if (!Number.isInteger(depth) || depth < 1) throw invalid(file, `its number of layers is '${metadata.layers ?? ''}'`);
  const take = reader(tensors, file);
  const gaussian = metadata.spike !== undefined && choice('spike', SPIKES) === 'gaussian';
  const stored = Array.from({ length: depth }, (_, l) => readLayer(take, tensors, `layer${l + 1}`, gaussian));
  const layers = stored.map(({ layer }) => layer);
  const [inputs, ...units] = stored.map(({ gates }) => gates);
  units.forEach(({ group, z }, l) => {
    const { outputs } = layers[l];
    if (group.length !== outputs || z.length !== outputs) throw invalid(file, `layers ${l + 1} and ${l + 2} do not fit together`);
  });
  const fault = graphFault(inputs.group.length, layers);
  if (fault) throw invalid(file, fault);
  stored.forEach((own, l) => checkValues(own, `layer ${l + 1}`, file));
  const task = choice('task', tasks());
  const { outputs } = layers[depth - 1];
  if (!likelihoodOf(task).allowsOutputs(outputs)) throw invalid(file, `a ${task} network cannot have ${outputs} outputs`);
  return {
    task,
    activation: choice('activation', ACTIVATION_NAMES),
    gates: choice('gates', GATES),
    inputs,
    units: units.map(({ z, prior }) => ({ z, prior })),
    layers,
    noiseVariance: take('noise_variance', Float64Array, [1])[0],
    ...(Object.hasOwn(tensors, 'background.weight') && {
      background: {
        weight: take('background.weight', Float32Array, [inputs.group.length, outputs]),
        bias: take('background.bias', Float32Array, [outputs]),
        // Runs of the first version that had one added it to the whole network.
        share: Object.hasOwn(tensors, 'background.share') ? take('background.share', Float64Array, [1])[0] : 1,
      },
    }),
    ...(Object.hasOwn(tensors, 'average.draws.from') && {
      average: averageFrom(take, { columns: inputs.group.length, outputs }, (what) => invalid(file, what)),
    }),
  };
}

/** -1 where an input has none of its own. */
const ownPriors = (own: OwnPriors): Tensor => ({ shape: [own.length], data: Float64Array.from(own, (prior) => prior ?? -1) });

/** Per block of rows its number of rows, edge, tau, and a Gaussian spike's scale. */
function rowsPriors(blocks: readonly RowsPrior[]): Tensor {
  const values = blocks.map(({ rows, edge, tau, spike }) => [rows, edge, tau, ...(spike === undefined ? [] : [spike])]);
  return { shape: [values.length, values[0].length], data: Float64Array.from(values.flat()) };
}

function checkFormat({ format, schemaVersion }: Record<string, string>, file: string): void {
  if (format !== POSTERIOR_FORMAT) {
    throw fail('run.not-a-posterior', 'these tensors are not a bnnc posterior', {
      where: { file }, hint: "Give a run folder that 'bnnc train' wrote.",
    });
  }
  const known = [PLAIN_VERSION, ALONE_VERSION, POSTERIOR_SCHEMA_VERSION];
  if (known.includes(schemaVersion)) return;
  throw fail(
    'run.posterior-version',
    `the posterior has schema version ${schemaVersion}; this program reads ${known.join(', ')}`,
    { where: { file }, hint: 'Use the program that wrote it, or train again.' },
  );
}

/** Fetches a tensor of a type and shape (`undefined`: any size), all numbers finite. */
function reader(tensors: Tensors, file: string): Take {
  return <T extends NumberArray>(name: string, type: { new (length: number): T }, shape: (number | undefined)[] = []): T => {
    if (!Object.hasOwn(tensors, name)) throw invalid(file, `tensor '${name}' is missing`);
    const { data, shape: found } = tensors[name];
    const fits = found.length === shape.length && shape.every((size, n) => size === undefined || size === found[n]);
    if (!fits || !(data instanceof type)) throw invalid(file, `tensor '${name}' has another type or shape [${found.join()}]`);
    if (!data.every(Number.isFinite)) throw invalid(file, `tensor '${name}' has numbers that are not finite`);
    return data;
  };
}

/** What the tensors of a layer hold: the layer, and the gates of the tier before it. */
interface StoredLayer {
  layer: LayerPosterior;
  gates: InputGates;
}

function readLayer(take: Take, tensors: Tensors, prefix: string, gaussian: boolean): StoredLayer {
  const floats = (name: string, shape: (number | undefined)[]): Float32Array => take(`${prefix}.${name}`, Float32Array, shape);
  const group = take(`${prefix}.group`, Int32Array, [undefined]);
  const sources = Object.hasOwn(tensors, `${prefix}.sources`) ? take(`${prefix}.sources`, Int32Array, [undefined]) : undefined;
  const biasMu = floats('bias_mu', [undefined]);
  const [inputs, outputs] = [(sources ?? group).length, biasMu.length];
  const [node, edge, tau, spike] = take(`${prefix}.prior`, Float64Array, [gaussian ? 4 : 3]);
  const layer = {
    inputs, outputs, ...(sources && { sources }),
    mu: floats('mu', [inputs, outputs]),
    sigma: floats('sigma', [inputs, outputs]),
    alpha: floats('alpha', [inputs, outputs]),
    biasMu,
    biasSigma: floats('bias_sigma', [outputs]),
    prior: { edge, tau, ...(gaussian && { spike }) },
    ...earlierPriors(take, tensors, prefix, gaussian),
  };
  const z = floats('z', [undefined]);
  const name = `${prefix}.own_priors`;
  const ownOf = (): OwnPriors => Array.from(take(name, Float64Array, [z.length]), (prior) => (prior < 0 ? null : prior));
  return { layer, gates: { group, z, prior: node, ...(Object.hasOwn(tensors, name) && { own: ownOf() }) } };
}

function earlierPriors(take: Take, tensors: Tensors, prefix: string, gaussian: boolean): Pick<LayerPosterior, 'earlier'> {
  const name = `${prefix}.earlier_priors`;
  if (!Object.hasOwn(tensors, name)) return {};
  const width = gaussian ? 4 : 3;
  const data = take(name, Float64Array, [undefined, width]);
  return {
    earlier: Array.from({ length: data.length / width }, (_, b) => {
      const [rows, edge, tau, spike] = data.subarray(b * width, (b + 1) * width);
      return { rows, edge, tau, ...(gaussian && { spike }) };
    }),
  };
}

function checkValues(
  { gates: { group, z, own = [] }, layer: { inputs, alpha, sigma, biasSigma, prior, earlier = [] } }: StoredLayer,
  name: string, file: string,
): void {
  const out = (values: Float32Array, low: number, high: number): boolean => values.some((v) => v < low || v > high);
  if (group.some((gate) => gate < 0 || gate >= z.length)) throw invalid(file, `${name} names gates that it lacks`);
  if (out(z, 0, 1) || out(alpha, 0, 1)) throw invalid(file, `${name} has gate probabilities outside 0 to 1`);
  if (own.some((p) => p !== null && !(p > 0 && p <= 1))) throw invalid(file, `${name} has prior probabilities outside 0 to 1`);
  if (out(sigma, 0, Infinity) || out(biasSigma, 0, Infinity)) throw invalid(file, `${name} has negative standard deviations`);
  const counted = earlier.every(({ rows }) => Number.isInteger(rows) && rows > 0)
    && earlier.reduce((sum, { rows }) => sum + rows, 0) < Math.max(1, inputs);
  if (!counted) throw invalid(file, `${name} has priors of rows that it lacks`);
  const narrow = ({ tau, spike }: BlockPrior): boolean => spike === undefined || (spike > 0 && spike < tau);
  if (![prior, ...earlier].every(narrow)) throw invalid(file, `${name} has a spike that is not narrower than its slab`);
}

function invalid(file: string, what: string): BnncError {
  return fail('run.posterior-invalid', `the posterior cannot be used: ${what}`, {
    where: { file }, hint: 'The file is damaged: copy the run folder again, or train again.',
  });
}
