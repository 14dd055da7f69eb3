/** What pruning needs of a run, and how much smaller the median probability model is than the whole network. */
import type { Config } from '../config/schema.js';
import type { Pips } from '../inference/prune/masks.js';
import { layoutOf } from '../model/shape.js';
import { posteriorOf } from '../model/posterior.js';
import { graphOfShape } from '../model/graph.js';
import { Stream } from '../random.js';
import type { Encoder, Posterior } from '../types.js';
import type { RunFolder } from '../store/open.js';
import { readCutFacts } from '../store/cut-facts.js';
import type { RunRows } from '../store/run-rows.js';
import { readConfig, readEncoder, readPips, readPosterior, readReference } from '../store/parts.js';
import { onnxBytes, type Bytes } from '../export/index.js';
import { cutNetwork, type CutFacts } from '../inference/prune/cut.js';
import type { Pruned, PruneReport } from '../inference/prune/prune.js';
import { posteriorSize } from '../inference/prune/size.js';
import { programVersion } from '../version.js';
import { networkShape } from '../work/prepare.js';

export interface PruneParts {
  posterior: Posterior;
  encoder: Encoder;
  pips: Pips;
  /** What a cut needs beside these, or why it cannot be had. */
  facts?: CutFacts;
  withoutFacts?: string;
  /** The network asked for where a linear fit was chosen in its place: what sizes are compared with. */
  asked?: Posterior;
}

/** @throws run.damaged */
export async function readParts(
  run: RunFolder, { source, representatives = true }: { source?: RunRows; representatives?: boolean | undefined } = {},
): Promise<PruneParts> {
  const [posterior, encoder, config] = [await readPosterior(run), await readEncoder(run), await readConfig(run)];
  const pips = await readPips(run, posterior, encoder);
  const found = await readCutFacts(run, encoder, source);
  const parts = { posterior, encoder, pips, ...('reason' in found ? { withoutFacts: found.reason } : { facts: representatives ? found : { ...found, sets: [] } }) };
  if (posterior.units.length === config.model.hidden.length) return parts;
  return { ...parts, asked: (await readReference(run)) ?? standIn(config, encoder) };
}

/** A network of the shape that a config means, with weights drawn at random: it serves to be measured. */
function standIn(config: Config, encoder: Encoder): Posterior {
  const shape = networkShape(config, encoder);
  const layout = layoutOf(shape);
  const theta = Stream.fromSeed('stand-in').normals(layout.size);
  const edge = graphOfShape(shape).blocks.map(() => 0.5);
  return posteriorOf(theta, shape, layout, { node: layout.layers.map(() => 0.5), edge, tau: edge.map(() => 1) });
}

export interface Sizes extends Pick<PruneReport, 'before' | 'after'> {
  /** Length of model.onnx. */
  onnxBytes: Bytes;
  /** Hidden layers were asked for, and a linear fit was chosen; `before` is the network asked for. */
  linearChosen?: true;
}

/** PIP of what the median probability model keeps. */
const MEDIAN = 0.5;

/** The median probability model, and what it saves. */
export function medianModel(parts: PruneParts): { model: Pruned['model']; sizes: Sizes } {
  const { posterior, pips, encoder, facts } = parts;
  const { model, report } = cutNetwork(posterior, pips, encoder, { threshold: MEDIAN, level: 'all' }, facts);
  const { before, after, onnxBytes, linearChosen } = savings(parts, model, report);
  return { model, sizes: { before, after, onnxBytes, ...(linearChosen && { linearChosen }) } };
}

/** What a cut saved, beside the network that was asked for. */
export function savings(
  { posterior, encoder, asked }: PruneParts, model: Pruned['model'], report: PruneReport,
): PruneReport & Sizes {
  const whole = asked ?? posterior;
  const bytes = onnxBytes(whole, encoder, model, programVersion());
  if (asked === undefined) return { ...report, onnxBytes: bytes };
  const left = new Map(report.units.map((unit) => [unit.name, unit.after]));
  const hidden = asked.units.map(({ z }, h) => ({ name: `h${h + 1}`, before: z.length, after: left.get(`h${h + 1}`) ?? 0 }));
  const units = [...report.units.slice(0, 2), ...hidden, report.units[report.units.length - 1]];
  return { ...report, units, before: posteriorSize(asked), onnxBytes: bytes, linearChosen: true };
}
