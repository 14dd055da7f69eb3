/**
 * The whole command line, declared once: commands, arguments, options, help. Help, parsing and shell completion all
 * come from this tree. Nothing heavy is imported here, so `--help` is instant.
 */

import { Command } from './commander.js';
import { programVersion } from '../version.js';
import { declareInit, declareValidate } from './declare/prepare.js';
import { declareCalibrate, declareCv, declareInspect, declareTrain } from './declare/learn.js';
import { declareEvaluate, declarePredict, declarePrune, declareReport, declareSelect } from './declare/use.js';
import { declareHelpers } from './declare/helpers.js';

/** Called when a command was chosen and its arguments and options are well formed. */
export type Launch = (name: string, args: string[], options: Record<string, unknown>) => Promise<void>;

/** Builds the tree; `launch` is what each command does. */
export function buildProgram(launch: Launch): Command {
  const program = new Command('bnnc')
    .description('Spike-and-slab Bayesian neural networks: train, keep inclusion probabilities, select features, prune, export.')
    .version(programVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .option('-q, --quiet', 'no progress and no notes on stderr; warnings and errors stay')
    .option('--debug', 'show the stack of an internal fault')
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured, too)')
    .addHelpText('after', EXAMPLES);

  program.commandsGroup('Prepare:');
  declareInit(program);
  declareValidate(program);
  program.commandsGroup('Learn:');
  declareTrain(program);
  declareCv(program);
  declareInspect(program);
  declareCalibrate(program);
  program.commandsGroup('Use a run:');
  declareSelect(program);
  declarePrune(program);
  declarePredict(program);
  declareEvaluate(program);
  declareReport(program);
  program.commandsGroup('Help:').helpCommand('help [command]', 'show help of a command');
  declareHelpers(program);

  for (const command of program.commands) {
    command.helpOption('-h, --help', 'show help');
    command.action(() =>
      launch(command.name(), command.processedArgs.filter((arg) => arg !== undefined), command.optsWithGlobals()));
  }
  return program;
}

const EXAMPLES = `
Examples:
  $ bnnc train --data houses.csv --target price          train with the defaults
  $ bnnc select-features                                 names of the inputs that matter
  $ bnnc prune --threshold 0.5 -o small                  smaller model as ONNX and JSON
  $ bnnc predict small new.csv > predictions.csv
  $ bnnc train -c bnnc.yaml | xargs bnnc select-features --format csv

Exit codes: 0 ok, 1 internal fault, 2 usage, 3 config, 4 data, 5 training, 6 run or model, 130 interrupted.`;
