/** The inputs of a run as a table: PIPs, verdicts, spread over fits or chains. */
import { isTold, NOT_TOLD, verdictText } from '../../../text/input-verdict.js';
import type { InputInclusion } from '../../../types.js';
import { shareBar, stackedBar, textTable } from '../../table.js';

const BAR = 10;

/**
 * Where linear and nonlinear are told apart the bars have a part for each; else a last line says why not.
 * @param over what the ranges of PIPs are over
 */
export function inputTable(inputs: readonly InputInclusion[], over: 'fits' | 'chains'): string {
  const told = isTold(inputs);
  const rows = inputs.map((row) => {
    const { input, pip, linear = 0, nonlinear = 0 } = row;
    const shown = told ? [verdictText(row), stackedBar([nonlinear, linear], BAR)] : [shareBar(pip)];
    return [input, row.kept ? 'kept' : pip.toFixed(3), ...shown, spread(row)];
  });
  const last = told ? `bars: ${BLOCKS}\n` : `${NOT_TOLD}\n`;
  return textTable([['input', 'PIP', ...(told ? ['verdict', ''] : ['']), `over ${over}`], ...rows]) + last;
}

/**
 * The table of the inputs that are in, and of those that another seed might find; after an empty line. Where no verdicts are
 * told, it is there for unstable inputs alone.
 */
export function notableInputs(inputs: readonly InputInclusion[], over: 'fits' | 'chains', most: number): string[] {
  const ranked = inputs.filter(({ pip, unstable }) => pip >= 0.5 || unstable).sort((a, b) => b.pip - a.pip);
  if (ranked.length === 0 || !(isTold(inputs) || ranked.some(({ unstable }) => unstable))) return [];
  const rest = ranked.length - most;
  return ['', `${inputTable(ranked.slice(0, most), over)}${rest > 0 ? `${rest} more: bnnc inspect\n` : ''}`];
}

const BLOCKS = `${stackedBar([1], 1)} nonlinear, ${stackedBar([0, 1], 1)} linear, ${stackedBar([], 1)} zero`;

const spread = ({ pipMin, pipMax, unstable }: InputInclusion): string =>
  `${pipMin.toFixed(2)} to ${pipMax.toFixed(2)}${unstable ? ', unstable' : ''}`;
