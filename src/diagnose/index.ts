/**
 * Diagnosis of a finished run: what may be wrong with it or is easily misread, each with what to do about it. A run without
 * faults gives no warnings. docs/diagnosis.md lists the codes and their thresholds.
 */
import { unitsOf } from '../likelihood/index.js';
import type { RunFolder } from '../store/open.js';
import { readConfig, readEncoder, readHistory, readInputPips, readMetrics, readPosterior, readSets } from '../store/parts.js';
import { agreed } from './agreement.js';
import type { Finding, RunState } from './finding.js';
import { dropped, noise, priors } from './network.js';
import { leakage, reweighted, rows, tempered, unresolved } from './rows.js';
import { settled } from './training.js';

export { findingLine, type Finding, type RunState, type Severity } from './finding.js';

const CHECKS = [leakage, dropped, tempered, reweighted, settled, agreed, noise, rows, priors, unresolved];

/** All findings, warnings before notes, what weighs most first. */
export function diagnose(state: RunState): Finding[] {
  const found = CHECKS.flatMap((check) => check(state));
  return [...found.filter(({ severity }) => severity === 'warning'), ...found.filter(({ severity }) => severity === 'note')];
}

/** What a diagnosis needs of a run folder. @throws run.damaged */
export async function readState(run: RunFolder): Promise<RunState> {
  const { target } = await readEncoder(run);
  return {
    config: await readConfig(run), metrics: await readMetrics(run), inputs: await readInputPips(run),
    sets: (await readSets(run)) ?? [], history: await readHistory(run), posterior: await readPosterior(run),
    targetScale: unitsOf(target).scale,
  };
}

/** The findings of a run folder. @throws run.damaged */
export const diagnoseRun = async (run: RunFolder): Promise<Finding[]> => diagnose(await readState(run));
