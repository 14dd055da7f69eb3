/** An average over structures as tensors of posterior.safetensors (docs/formats.md). */
import type { Tensors } from '../export/safetensors/safetensors.js';
import { BIAS, EDGE, OUT, SKIP, UNIT_BIAS } from '../search/layout.js';
import type { NetworkList, StructureAverage } from '../types.js';

export type NumberArray = Float32Array | Float64Array | Int32Array;
/** Fetches a tensor of a type and shape (`undefined`: any size), all numbers finite. */
export type Take = <T extends NumberArray>(name: string, type: { new (length: number): T }, shape?: (number | undefined)[]) => T;

const PLACES = ['kind', 'column', 'unit', 'output'] as const;

/** `average.structures.*` with `share`, and `average.draws.*` with `noise_variance`. */
export function averageTensors({ structures, draws }: StructureAverage): Tensors {
  return {
    ...listTensors('average.structures', structures),
    'average.structures.share': { shape: [structures.share.length], data: structures.share },
    ...listTensors('average.draws', draws),
    'average.draws.noise_variance': { shape: [draws.noiseVariance.length], data: draws.noiseVariance },
  };
}

function listTensors(prefix: string, list: NetworkList): Tensors {
  const size = [list.weight.length];
  return {
    [`${prefix}.from`]: { shape: [list.from.length], data: list.from },
    ...Object.fromEntries(PLACES.map((name) => [`${prefix}.${name}`, { shape: size, data: list[name] }])),
    [`${prefix}.weight`]: { shape: size, data: list.weight },
  };
}

/** @throws what `invalid` makes of a fault */
export function averageFrom(
  take: Take, { columns, outputs }: { columns: number; outputs: number }, invalid: (what: string) => Error,
): StructureAverage {
  const list = (name: string): NetworkList => {
    const prefix = `average.${name}`;
    const from = take(`${prefix}.from`, Int32Array, [undefined]);
    const size = from[from.length - 1] ?? 0;
    const places = PLACES.map((each) => [each, take(`${prefix}.${each}`, Int32Array, [size])] as const);
    const found = { from, ...Object.fromEntries(places), weight: take(`${prefix}.weight`, Float32Array, [size]) } as NetworkList;
    const fault = listFault(found, columns, outputs);
    if (fault !== undefined) throw invalid(`${prefix}: ${fault}`);
    return found;
  };
  const [structures, draws] = [list('structures'), list('draws')];
  const own = (prefix: string, { from }: NetworkList): Float64Array => take(`average.${prefix}`, Float64Array, [from.length - 1]);
  const noiseVariance = own('draws.noise_variance', draws);
  const share = own('structures.share', structures);
  if (noiseVariance.some((variance) => !(variance > 0))) throw invalid('average.draws: a variance is not positive');
  if (share.some((each) => each < 0 || each > 1 + 1e-9)) throw invalid('average.structures: a share is outside 0 to 1');
  return { structures: { ...structures, share }, draws: { ...draws, noiseVariance } };
}

/** Outputs first, then skips, then unit by unit its bias, its edges and its weights to the outputs. */
function listFault({ from, kind, column, unit, output }: NetworkList, columns: number, outputs: number): string | undefined {
  if (from.length < 2 || from[0] !== 0 || from.some((at, m) => m > 0 && at < from[m - 1] + outputs)) {
    return 'its networks do not follow one another';
  }
  for (let m = 0; m + 1 < from.length; m++) {
    let [last, h] = [BIAS, -1];
    for (let p = from[m]; p < from[m + 1]; p++) {
      const what = kind[p];
      const [readsColumn, hasUnit] = [what === SKIP || what === EDGE, what >= UNIT_BIAS];
      const hasOutput = what === BIAS || what === SKIP || what === OUT;
      if (what === UNIT_BIAS) h++;
      else if (what < last || what > OUT || (what >= EDGE && h < 0)) return 'its weights are not in their order';
      if (hasUnit && unit[p] !== h) return 'a weight belongs to another unit than its place says';
      if (readsColumn && !(column[p] >= 0 && column[p] < columns)) return 'a weight names a column that is not there';
      if (hasOutput && !(output[p] >= 0 && output[p] < outputs)) return 'a weight names an output that is not there';
      if ((what === BIAS) !== (p < from[m] + outputs)) return 'it has not one bias an output';
      last = what;
    }
  }
  return undefined;
}
