/** The posterior as named tensors: what posterior.safetensors in a run folder holds (docs/formats.md). */
import { likelihoodOf, tasks } from '../likelihood/index.js';
import { ACTIVATION_NAMES } from '../activations.js';
import { fail, type BnncError } from '../errors.js';
import type { Tensor, Tensors } from '../export/safetensors/safetensors.js';
import type { Gates, LayerPosterior, Posterior, Spike } from '../types.js';

export const POSTERIOR_FORMAT = 'bnnc-posterior';
export const POSTERIOR_SCHEMA_VERSION = '1';

/** A posterior's tensors and the metadata that go with them. */
export interface StoredPosterior {
  tensors: Tensors;
  metadata: Record<string, string>;
}

const GATES: readonly Gates[] = ['both', 'node', 'weight', 'none'];
const SPIKES: readonly Spike[] = ['dirac', 'gaussian'];

/** Tensors `layer1.mu` [d, k], ..., `layer1.prior` [node, edge, tau, and a Gaussian spike's scale], `noise_variance` [1]. */
export function posteriorToTensors({ task, activation, gates, layers, noiseVariance }: Posterior): StoredPosterior {
  const tensors: Tensors = { noise_variance: { shape: [1], data: Float64Array.of(noiseVariance) } };
  layers.forEach((layer, l) => {
    const { inputs, outputs, prior: { node, edge, tau, spike } } = layer;
    const values = [node, edge, tau, ...(spike === undefined ? [] : [spike])];
    const part: Record<string, Tensor> = {
      mu: { shape: [inputs, outputs], data: layer.mu },
      sigma: { shape: [inputs, outputs], data: layer.sigma },
      alpha: { shape: [inputs, outputs], data: layer.alpha },
      z: { shape: [layer.z.length], data: layer.z },
      group: { shape: [inputs], data: layer.group },
      bias_mu: { shape: [outputs], data: layer.biasMu },
      bias_sigma: { shape: [outputs], data: layer.biasSigma },
      prior: { shape: [values.length], data: Float64Array.from(values) },
    };
    for (const [name, tensor] of Object.entries(part)) tensors[`layer${l + 1}.${name}`] = tensor;
  });
  const metadata = {
    format: POSTERIOR_FORMAT, schemaVersion: POSTERIOR_SCHEMA_VERSION, task, activation, gates, layers: String(layers.length),
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
  const layers = Array.from({ length: depth }, (_, l) => readLayer(take, `layer${l + 1}`, gaussian));
  layers.slice(1).forEach(({ inputs, z }, l) => {
    const { outputs } = layers[l];
    if (inputs !== outputs || z.length !== outputs) throw invalid(file, `layers ${l + 1} and ${l + 2} do not fit together`);
  });
  layers.forEach((layer, l) => checkValues(layer, `layer ${l + 1}`, file));
  const task = choice('task', tasks());
  const { outputs } = layers[depth - 1];
  if (!likelihoodOf(task).allowsOutputs(outputs)) throw invalid(file, `a ${task} network cannot have ${outputs} outputs`);
  return {
    task,
    activation: choice('activation', ACTIVATION_NAMES),
    gates: choice('gates', GATES),
    layers,
    noiseVariance: take('noise_variance', Float64Array, [1])[0],
  };
}

function checkFormat({ format, schemaVersion }: Record<string, string>, file: string): void {
  if (format !== POSTERIOR_FORMAT) {
    throw fail('run.not-a-posterior', 'these tensors are not a bnnc posterior', {
      where: { file }, hint: "Give a run folder that 'bnnc train' wrote.",
    });
  }
  if (schemaVersion === POSTERIOR_SCHEMA_VERSION) return;
  throw fail(
    'run.posterior-version',
    `the posterior has schema version ${schemaVersion}; this program reads ${POSTERIOR_SCHEMA_VERSION}`,
    { where: { file }, hint: 'Use the program that wrote it, or train again.' },
  );
}

type NumberArray = Float32Array | Float64Array | Int32Array;
type Take = <T extends NumberArray>(name: string, type: { new (length: number): T }, shape?: (number | undefined)[]) => T;

/** Fetches a tensor of a type and shape (`undefined`: any size), all numbers finite. */
function reader(tensors: Tensors, file: string): Take {
  return <T extends NumberArray>(name: string, type: { new (length: number): T }, shape: (number | undefined)[] = []): T => {
    if (!Object.hasOwn(tensors, name)) throw invalid(file, `tensor '${name}' is missing`);
    const { data, shape: found } = tensors[name];
    const fits = found.length === shape.length && shape.every((size, n) => size === undefined || size === found[n]);
    if (!fits || !(data instanceof type)) throw invalid(file, `tensor '${name}' has another type or shape [${found.join()}]`);
    if (!data.every(Number.isFinite)) throw invalid(file, `tensor '${name}' holds numbers that are not finite`);
    return data;
  };
}

function readLayer(take: Take, prefix: string, gaussian: boolean): LayerPosterior {
  const floats = (name: string, shape: (number | undefined)[]): Float32Array => take(`${prefix}.${name}`, Float32Array, shape);
  const group = take(`${prefix}.group`, Int32Array, [undefined]);
  const biasMu = floats('bias_mu', [undefined]);
  const [inputs, outputs] = [group.length, biasMu.length];
  const [node, edge, tau, spike] = take(`${prefix}.prior`, Float64Array, [gaussian ? 4 : 3]);
  return {
    inputs, outputs,
    mu: floats('mu', [inputs, outputs]),
    sigma: floats('sigma', [inputs, outputs]),
    alpha: floats('alpha', [inputs, outputs]),
    z: floats('z', [undefined]),
    group,
    biasMu,
    biasSigma: floats('bias_sigma', [outputs]),
    prior: { node, edge, tau, ...(gaussian && { spike }) },
  };
}

function checkValues(
  { group, z, alpha, sigma, biasSigma, prior: { tau, spike } }: LayerPosterior, name: string, file: string,
): void {
  const out = (values: Float32Array, low: number, high: number): boolean => values.some((v) => v < low || v > high);
  if (group.some((gate) => gate < 0 || gate >= z.length)) throw invalid(file, `${name} names gates that it lacks`);
  if (out(z, 0, 1) || out(alpha, 0, 1)) throw invalid(file, `${name} has gate probabilities outside 0 to 1`);
  if (out(sigma, 0, Infinity) || out(biasSigma, 0, Infinity)) throw invalid(file, `${name} has negative standard deviations`);
  const narrow = spike === undefined || (spike > 0 && spike < tau);
  if (!narrow) throw invalid(file, `${name} has a spike that is not narrower than its slab`);
}

function invalid(file: string, what: string): BnncError {
  return fail('run.posterior-invalid', `the posterior cannot be used: ${what}`, {
    where: { file }, hint: 'The file is damaged: copy the run folder anew, or train again.',
  });
}
