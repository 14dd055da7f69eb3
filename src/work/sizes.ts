/** How much smaller a cut network is than the one that was asked for. */
import { onnxBytes, type Bytes } from '../export/size.js';
import type { Pruned, PruneReport } from '../inference/prune/prune.js';
import { posteriorSize } from '../inference/prune/size.js';
import { graphOfShape } from '../model/graph.js';
import { posteriorOf } from '../model/posterior.js';
import { layoutOf, type NetworkShape } from '../model/shape.js';
import { Stream } from '../random.js';
import type { Encoder, Posterior } from '../types.js';
import { programVersion } from '../version.js';

export interface Sizes extends Pick<PruneReport, 'before' | 'after'> {
  /** Length of model.onnx. */
  onnxBytes: Bytes;
  /** Hidden layers were asked for, and a linear fit was chosen; `before` is the network asked for. */
  linearChosen?: true;
}

/**
 * The network asked for where a linear fit or a structure was chosen in its place, else undefined: the dense reference, or
 * without one a network
 * of that shape with weights drawn at random, for it serves to be measured.
 */
export function askedFor(chosen: Posterior, shape: NetworkShape, dense: Posterior | undefined): Posterior | undefined {
  const isAsked = !chosen.average && chosen.units.length === shape.widths.length - 2;
  return isAsked ? undefined : dense ?? standIn(shape);
}

function standIn(shape: NetworkShape): Posterior {
  const layout = layoutOf(shape);
  const theta = Stream.fromSeed('stand-in').normals(layout.size);
  const edge = graphOfShape(shape).blocks.map(() => 0.5);
  return posteriorOf(theta, shape, layout, { node: layout.layers.map(() => 0.5), edge, tau: edge.map(() => 1) });
}

export interface Compared {
  posterior: Posterior;
  encoder: Encoder;
  asked?: Posterior | undefined;
}

/** What a cut saved, beside the network that was asked for. */
export function savings(
  { posterior, encoder, asked }: Compared, model: Pruned['model'], report: PruneReport,
): PruneReport & Sizes {
  const whole = asked ?? posterior;
  const bytes = onnxBytes(whole, encoder, model, programVersion());
  if (asked === undefined) return { ...report, onnxBytes: bytes };
  const left = new Map(report.units.map((unit) => [unit.name, unit.after]));
  const hidden = asked.units.map(({ z }, h) => ({ name: `h${h + 1}`, before: z.length, after: left.get(`h${h + 1}`) ?? 0 }));
  const units = [...report.units.slice(0, 2), ...hidden, report.units[report.units.length - 1]];
  const others = { ...report, units, before: posteriorSize(asked), onnxBytes: bytes };
  return posterior.average ? others : { ...others, linearChosen: true };
}

/** The same without the units. */
export function sizesOf(compared: Compared, model: Pruned['model'], report: PruneReport): Sizes {
  const { before, after, onnxBytes: bytes, linearChosen } = savings(compared, model, report);
  return { before, after, onnxBytes: bytes, ...(linearChosen && { linearChosen }) };
}
