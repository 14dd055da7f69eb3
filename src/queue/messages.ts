/** What lies on the server, and how it is called. Whatever comes from there is looked at before it is used. */
import { BnncError, ERROR_CODES, type Problem } from '../errors.js';
import { count, list, looseRecord, optional, record, text, textLike, type Checked, type Rule } from '../rules.js';

/** What a file is for. */
export type Role = 'data' | 'test';

export const PREFIX = 'bnnc';
const FORMAT = 1;

/** Of each version: workers of another one do not see its tasks. */
export const queueName = (version: string): string => `tasks-${version.replace(/[^\w.-]/g, '_')}`;

/** Where somebody stops a run, or has finished it. */
export const STOP_CHANNEL = `${PREFIX}:stop`;

export const keys = {
  run: (run: string): string => `${PREFIX}:run:${run}`,
  file: (run: string, role: Role): string => `${PREFIX}:file:${run}:${role}`,
  part: (plan: string, part: string): string => `${PREFIX}:part:${plan}:${part}`,
  worker: (id: string): string => `${PREFIX}:worker:${id}`,
};
export const WORKERS = keys.worker('*');

/** Seconds that results stay on the server for whoever goes on with a run, and that the rest stays at most. */
export const KEEP = 7 * 86_400;
/** Bytes of what is taken from the server. */
export const MAX_RUN = 64e6;
export const MAX_PART = 500e6;
export const MAX_FILE = 500e6;

const sha256 = textLike(/^[0-9a-f]{64}$/);
/** Of a run on the server, or of a result. */
const name = textLike(/^[0-9a-f]{32}$/);

const jobRule = record({
  schemaVersion: count(1), run: name, plan: sha256, part: name, unit: textLike(/^[^\n]{1,200}$/), bnnc: textLike(/^[^\n]{1,50}$/),
});
/** A task, as workers get it: names alone. */
export type TaskNote = Checked<typeof jobRule>;

/** @returns the task, or what is wrong with it */
export function readTask(value: unknown): { task: TaskNote } | { fault: string } {
  const [fault] = jobRule(value);
  if (fault) return { fault: `${fault.path.join('.')} ${fault.message}`.trim() };
  const task = value as TaskNote;
  return task.schemaVersion === FORMAT ? { task } : { fault: `it has format ${task.schemaVersion}, and this program reads ${FORMAT}` };
}

export const taskNote = (facts: Omit<TaskNote, 'schemaVersion'>): TaskNote => ({ schemaVersion: FORMAT, ...facts });

const shipped = record({ name: textLike(/^[A-Za-z0-9][\w.-]{0,199}$/), sha256, bytes: count() });
const runRule = record({ schemaVersion: count(1), plan: text, data: optional(shipped), test: optional(shipped) });
/** A run, as workers get it: the plan, and files that lie on the server. */
export type RunNote = Checked<typeof runRule>;
export type Shipped = Checked<typeof shipped>;

export const runText = (facts: Omit<RunNote, 'schemaVersion'>): string => JSON.stringify({ schemaVersion: FORMAT, ...facts });

/** @returns the run, or nothing where the text is none */
export function readRun(said: string): RunNote | undefined {
  const value = parsed(said);
  return runRule(value).length === 0 && (value as RunNote).schemaVersion === FORMAT ? value as RunNote : undefined;
}

const presence = looseRecord({ bnnc: textLike(/^[^\n]{1,50}$/), jobs: count(1) });
/** A worker, as others see it. */
export type Presence = Checked<typeof presence>;
export function readPresence(said: string | null): Presence | undefined {
  const value = said === null ? undefined : parsed(said);
  return presence(value).length === 0 ? value as Presence : undefined;
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

const isCode = (value: unknown): boolean =>
  typeof value === 'string' && Object.keys(ERROR_CODES).some((kind) => value.startsWith(`${kind}.`));
const code: Rule<Problem['code']> = (value) => (isCode(value) ? [] : [{ path: [], message: 'is no code' }]);
const problem = looseRecord({
  code, message: text, hint: optional(text),
  where: optional(looseRecord({
    file: optional(text), line: optional(count()), column: optional(count()), source: optional(text),
  })),
});
const faultRule = looseRecord({ problems: list(problem, { min: 1, max: 100 }) });

const MAX_REASON = 20_000;
/** Of a reason that is no error of ours. */
const MAX_SHOWN = 300;

/** An error as a text for the server, in the voice of a program. Of bugs the message alone goes. */
export function faultText(error: unknown): string {
  const isKnown = error instanceof BnncError;
  const fault = isKnown ? { problems: error.problems } : { message: String((error as Error).message) };
  return JSON.stringify(fault).slice(0, MAX_REASON);
}

/** The error that {@link faultText} was given; of whatever else is there, one with its beginning. */
export function errorOf(reason: string): Error {
  const value = parsed(reason.slice(0, MAX_REASON));
  if (faultRule(value).length === 0) return new BnncError((value as Checked<typeof faultRule>).problems);
  const message = (value as { message?: unknown } | undefined)?.message;
  return new Error((typeof message === 'string' ? message : reason).slice(0, MAX_SHOWN));
}
