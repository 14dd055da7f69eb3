/** `bnnc select-features --knockoffs` and `--probes`: the comparison with inputs that are null by construction, as text. */

import type { RunFolder } from '../../../api/run.js';
import { documentText, tableText } from '../../../api/output.js';
import { selectFeatures, type CheckedSelection } from '../../../api/select-features.js';
import type { CliContext } from '../../context.js';
import type { SelectFeaturesFlags } from '../../../api/options/select-features.js';
import { createProgress } from '../../progress.js';
import { oneLine, plural, shortNumber } from '../../table.js';

type CheckedInput = CheckedSelection['inputs'][number];
type Rules = { fdr: number; threshold: number };

/** A copy as like its input as this can do what the input does. */
const NEARLY_THE_SAME = 0.95;

/** Trains with copies; tells on stderr how they did. @returns the result in the format asked for */
export async function nullCheck(folder: RunFolder, options: SelectFeaturesFlags, context: CliContext): Promise<string> {
  const { cwd, signal } = context;
  const { fdr = 0.1, threshold = 0.5, jobs, engine } = options;
  const progress = await createProgress(context, { json: options.format !== 'names', progress: options.progress });
  const common = { jobs, engine, cwd, signal, onProgress: progress.update };
  const check = await selectFeatures(
    folder, options.knockoffs ? { knockoffs: true, fdr, ...common } : { probes: true, threshold, ...common },
  ).finally(progress.stop);
  tellCheck(check, { fdr, threshold }, context);
  return checkText(check, options);
}

/** Says on stderr how the copies did. */
export function tellCheck(check: CheckedSelection, rules: Rules, { terminal }: Pick<CliContext, 'terminal'>): void {
  for (const line of check.check === 'knockoffs' ? knockoffNotes(check, rules) : [probeNote(check, rules)]) terminal.note(line);
}

/** The result in the format asked for. */
export function checkText(check: CheckedSelection, { format, csvSafe }: Pick<SelectFeaturesFlags, 'format' | 'csvSafe'>): string {
  const { selected } = check;
  if (format === 'json') return documentText(check);
  const columns = ['rank', 'input', 'pip', 'copy_pip', 'w', 'fdr', 'copy_correlation'];
  if (format === 'csv') return tableText(columns, selected.map(row), csvSafe);
  return selected.map(({ input }) => `${oneLine(input)}\n`).join('');
}

const row = ({ input, pip, copyPip, w, fdr = NaN, copyCorrelation = NaN }: CheckedInput, at: number): (string | number)[] =>
  [at + 1, input, pip, copyPip, w, fdr, copyCorrelation];

function knockoffNotes({ inputs, selected, copiesEntered }: CheckedSelection, { fdr, threshold }: Rules): string[] {
  const entered = `${copiesEntered} of ${plural(inputs.length, 'knockoff')} have a PIP of at least ${threshold}`;
  const alike = inputs.filter(({ copyCorrelation }) => copyCorrelation! > NEARLY_THE_SAME).map(({ input }) => input);
  const warning = alike.length === 0 ? [] :
    [`these inputs are nearly the same as their knockoffs, which may replace them: ${alike.join(', ')}; --probes avoids this`];
  if (selected.length > 0) {
    const least = shortNumber(selected[selected.length - 1].w);
    return [`${selected.length} of ${plural(inputs.length, 'input')} at a false discovery rate of ${fdr}: W of at least ${least}; ${entered}`, ...warning];
  }
  return [`no input at a false discovery rate of ${fdr}; ${entered}`, whyNone(inputs, fdr), ...warning];
}

/** The threshold counts one false input beforehand: so few as the rate allows none of cannot be selected at all. */
function whyNone(inputs: readonly CheckedInput[], fdr: number): string {
  const won = inputs.filter(({ w }) => w > 0).length;
  const lost = inputs.filter(({ w }) => w < 0).length;
  const smallest = Math.min(...inputs.map((input) => input.fdr!));
  const would = inputs.filter((input) => input.fdr! <= smallest).length;
  const remedy = smallest < 1
    ? `; --fdr ${Math.ceil(smallest * 100 - 1e-9) / 100} would select ${would}`
    : '; no rate below 1 selects any input';
  return `at this rate at least ${Math.ceil(1 / fdr - 1e-9)} inputs must beat their knockoffs; ${won} beat them, ${lost} lose to them${remedy}`;
}

function probeNote({ inputs, selected, copiesEntered }: CheckedSelection, { threshold }: Rules): string {
  const count = `${selected.length} of ${plural(inputs.length, 'input')} and ${copiesEntered} of as many probes have a PIP of at least ${threshold}`;
  if (copiesEntered === 0) return count;
  return `${count}: this network can include inputs without information on the target; more steps (train.epochs) or restarts may help`;
}
