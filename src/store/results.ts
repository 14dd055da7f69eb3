/** Writes what a finished training run leaves behind (all but the manifest). */
import { writeEncoder, writeSafetensors } from '../export/index.js';
import type { Assessment } from '../inference/gates/assess.js';
import type { LinearPart } from '../linear/types.js';
import type { FitState } from '../train/types.js';
import type { FitJob } from '../train/fits.js';
import type { InputInclusion, InputSet, Posterior } from '../types.js';
import { historyTable } from './history.js';
import type { RunMetrics } from '../work/run-metrics.js';
import { posteriorToTensors } from './posterior-tensors.js';
import type { Prepared } from '../work/prepare.js';
import { json } from './files.js';
import { keptFits } from './fit-states.js';
import { linearText } from './linear.js';
import { RUN_FILES } from './layout.js';
import type { RunWriter } from './run-writer.js';
import { splitsTable } from './splits.js';
import { inputsTable, nodesTable, setsTable, weightsTable } from './tables.js';

export interface RunResults {
  prepared: Prepared;
  chosen: Pick<Assessment, 'posterior' | 'inclusion'>;
  dense?: Posterior | undefined;
  inputs: InputInclusion[];
  linear: LinearPart;
  sets: InputSet[];
  metrics: RunMetrics;
  jobs: readonly FitJob[];
  states: readonly FitState[];
}

export async function writeResults(run: RunWriter, results: RunResults): Promise<void> {
  const { prepared: { encoder, splits }, chosen: { posterior, inclusion }, dense, inputs, linear, sets } = results;
  const { metrics, jobs, states } = results;
  const tensors = (of: Posterior): Uint8Array => {
    const stored = posteriorToTensors(of);
    return writeSafetensors(stored.tensors, stored.metadata);
  };
  await run.write(RUN_FILES.encoder.path, writeEncoder(encoder));
  await run.write(RUN_FILES.splits.path, splitsTable(splits));
  await run.write(RUN_FILES.posterior.path, tensors(posterior));
  if (dense) await run.write(RUN_FILES.dense.path, tensors(dense));
  await run.write(RUN_FILES.inputs.path, inputsTable(inputs));
  await run.write(RUN_FILES.sets.path, setsTable(sets));
  await run.write(RUN_FILES.nodes.path, nodesTable(inclusion.nodes, inclusion.nodeErrors));
  await run.write(RUN_FILES.weights.path, weightsTable(posterior, encoder));
  await run.write(RUN_FILES.linear.path, linearText(linear, encoder));
  await run.write(RUN_FILES.metrics.path, json(metrics));
  await run.write(RUN_FILES.history.path, historyTable(states.map(({ history }, j) => ({ fit: jobs[j].name, rows: history }))));
  // A chosen temperature is chosen anew when restarts are added, so its fits are of no use then.
  const fits = metrics.temperature ? undefined : keptFits(jobs.map(({ name }) => name), states);
  if (fits) await run.write(RUN_FILES.fits.path, fits);
}
