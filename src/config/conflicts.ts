/** Faults that no single key shows: values that are fine each but not together. */
import { likelihoodOf, targetNames } from '../likelihood/index.js';
import type { Finding } from './check.js';
import type { Path } from './keys.js';
import type { Config } from './schema.js';
import { databaseOf } from '../table-path.js';

/** A conflict is told at `path`, or at one of `others` if that was said later. */
export interface Conflict extends Finding {
  others: Path[];
}

type Column = Config['data']['columns'][string];

const isSamePrior = (a: Column | undefined, b: Column | undefined): boolean =>
  (a?.keep ?? false) === (b?.keep ?? false) && a?.prior === b?.prior;

/** All conflicts in a resolved config (paths absolute, `split.test` 0 beside a test file). */
export function findConflicts(config: Config): Conflict[] {
  const { data, model: { gates, skip, hidden }, prior: { spike }, train: { temperature } } = config;
  const { path, target, task, columns, split } = data;
  const targets = targetNames(target);
  const findings: Conflict[] = [];
  const add = (at: Path, text: string, hint?: string, others: Path[] = []) =>
    findings.push({ code: 'config.conflict', path: at, at: 'value', text, hint, others });

  if (split.validation + split.test >= 1) {
    const sum = `${split.validation} for validation and ${split.test} for test`;
    const validation: Path = ['data', 'split', 'validation'];
    add(['data', 'split', 'test'], `${sum} leave no rows to train on`, 'Their sum must be below 1.', [validation]);
  }
  if (data.decimal === data.thousands) {
    add(['data', 'thousands'], `is ${data.thousands}, as data.decimal is`, 'They must differ.', [['data', 'decimal']]);
  }
  const testFile: Path = ['data', 'split', 'testFile'];
  const ways: [Path, string | null, Path, string | null][] =
    [[['data', 'path'], path, ['data', 'query'], data.query], [testFile, split.testFile, ['data', 'split', 'testQuery'], split.testQuery]];
  for (const [at, table, queryAt, query] of ways) {
    const isDatabase = databaseOf(table ?? '') !== undefined;
    if (isDatabase && query === null) {
      add(at, `is a database, so ${queryAt.join('.')} must say which of its rows`, 'For example: select * from NAME', [queryAt]);
    } else if (!isDatabase && query !== null) {
      add(queryAt, `${at.join('.')} is no database`, 'A database is written duckdb:FILE.', [at]);
    }
  }
  if (split.testFile === '-') add(testFile, 'test rows cannot come from stdin', 'Only data.path can.');
  else if (split.testFile === path && split.testQuery === data.query) add(testFile, 'is data.path itself: the test rows would be training rows');
  for (const name of ['group', 'time'] as const) {
    const own = targets.find((each) => each === split[name]);
    if (own !== undefined) add(['data', 'split', name], `is the target '${own}'`, 'Name another column.', [['data', 'target']]);
  }
  const others = [...targets.map((name) => [name, 'the target'] as const), [split.group, 'data.split.group'], [split.time, 'data.split.time']] as (readonly [string | null, string])[];
  for (const [key, what] of [['weights', 'the weights'], ['exposure', 'the exposure'], ['event', 'the event']] as const) {
    const name = data[key];
    if (name === null) continue;
    const other = others.find(([own]) => own === name);
    if (other) add(['data', key], `'${name}' cannot be ${what} (data.${key}) and ${other[1]}`, 'Name another column.', [['data', 'target']]);
    others.push([name, `data.${key}`]);
  }
  if (split.group !== null && split.group === split.time) {
    add(['data', 'split', 'time'], `is ${split.time}, as data.split.group is`, 'Rows of one time stay together as it is.', [['data', 'split', 'group']]);
  }
  targets.forEach((name, at) => {
    if (targets.indexOf(name) < at) add(['data', 'target', at], `'${name}' is in the list twice`, 'Name each target once.');
    const kind = Object.hasOwn(columns, name) ? columns[name].kind : undefined;
    const kindPath = ['data', 'columns', name, 'kind'];
    if (kind === 'ignore') add(kindPath, 'the target cannot be ignored');
    if (kind === 'date') {
      add(kindPath, 'a target of kind date cannot be predicted', 'Make it a number or classes.');
    }
    const isClasses = kind === 'categorical' || kind === 'boolean' || (kind === 'ordinal' && targets.length > 1);
    if (isClasses && targets.length > 1) add(kindPath, `a ${kind} target cannot be one of several`, 'Targets of a list are numbers.');
    else if (isClasses && task !== 'auto' && likelihoodOf(task).kind === 'number') {
      add(kindPath, `a ${kind} target cannot be predicted by ${task}`, 'Leave out this line, or set data.task: auto.');
    }
  });
  if (task !== 'auto' && (likelihoodOf(task).kind === 'numbers') !== targets.length > 1) {
    const text = targets.length > 1 ? `the task ${task} predicts one target, not a list of ${targets.length}`
      : `the task ${task} predicts a list of targets, not one`;
    add(['data', 'task'], text, 'Set data.task: auto.', [['data', 'target']]);
  }
  for (const [name, { kind: own, levels }] of Object.entries(columns)) {
    const at: Path = ['data', 'columns', name];
    if (own === 'ordinal' && (levels ?? []).length < 2) add([...at, 'kind'], 'ordinal needs two levels or more', 'Set levels: [LOW, ..., HIGH].');
    else if (own !== 'ordinal' && levels !== undefined) add([...at, 'levels'], 'only an ordinal column has levels', 'Set kind: ordinal.');
    else if (new Set(levels).size < (levels ?? []).length) add([...at, 'levels'], 'a level stands there twice');
  }
  for (const [name, { kind: own, keep, prior: probability }] of Object.entries(columns)) {
    const key = keep ? 'keep' : probability === undefined ? undefined : 'prior';
    if (key === undefined) continue;
    const at: Path = ['data', 'columns', name, key];
    if (targets.includes(name)) add(at, 'the target is no input');
    else if (own === 'ignore') add(at, 'an ignored column is no input', undefined, [['data', 'columns', name, 'kind']]);
    else if (keep && probability !== undefined) {
      add(['data', 'columns', name, 'prior'], 'a column that is kept has no prior probability', 'Leave out keep or prior.', [at]);
    } else if (gates === 'none' || gates === 'weight') {
      add(at, `needs a gate of the input, but model.gates is ${gates}`, 'Set model.gates: both or node.', [['model', 'gates']]);
    } else if (keep && !skip && hidden.length > 0) {
      add(at, 'needs direct edges from inputs to outputs', 'Set model.skip: true, or model.hidden: [].', [['model', 'skip']]);
    }
  }
  const memberOf = new Map<string, string>();
  for (const [group, members] of Object.entries(data.groups)) {
    members.forEach((name, at) => {
      const place: Path = ['data', 'groups', group, at];
      const other = memberOf.get(name);
      memberOf.set(name, group);
      if (other !== undefined) add(place, other === group ? `'${name}' is in this group twice` : `'${name}' is in group '${other}' as well`);
      else if (targets.includes(name)) add(place, 'the target is no input');
      else if (columns[name]?.kind === 'ignore') add(place, `'${name}' is ignored, and no input`);
      else if (!isSamePrior(columns[name], columns[members[0]])) {
        add(place, 'the columns of a group have one prior', `Say of '${members[0]}' and '${name}' the same of keep and prior.`);
      }
    });
  }
  if (spike === 'gaussian' && gates !== 'none') {
    const hint = 'Set model.gates: none, or leave model.gates out.';
    add(['prior', 'spike'], `a gaussian spike allows no gates, but model.gates is ${gates}`, hint, [['model', 'gates']]);
  }
  if (gates === 'none' && temperature !== 1) {
    const hint = 'The temperature acts only on gates: leave it out, or set model.gates: both.';
    add(['train', 'temperature'], `is ${temperature}, but there are no gates (model.gates: none)`, hint, [['model', 'gates']]);
  }
  return findings;
}
