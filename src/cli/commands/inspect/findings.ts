/** What a diagnosis found, as text. */
import { findingLine, type Finding } from '../../../api/inspect.js';
import { shellPath } from '../../../wording.js';

/** More than so many warnings at the end of a training nobody reads. */
const MAX_WARNINGS = 3;

/** The warnings, a line each, at most {@link MAX_WARNINGS} and then how to see the rest. */
export function warningLines(findings: readonly Finding[], path: string): string[] {
  const warnings = findings.filter(({ severity }) => severity === 'warning').map(findingLine);
  const rest = warnings.length - MAX_WARNINGS;
  if (rest <= 0) return warnings;
  return [...warnings.slice(0, MAX_WARNINGS), `${rest} more; show all with: bnnc inspect ${shellPath(path)}`];
}

/** All findings, a line each, warnings and notes marked as such; empty without any. */
export const findingsText = (findings: readonly Finding[]): string =>
  findings.map((finding) => `${finding.severity}: ${findingLine(finding)}\n`).join('');
