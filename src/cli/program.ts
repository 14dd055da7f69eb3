/**
 * The whole command line, declared once: commands, arguments, options, help. Help, parsing and shell completion all
 * come from this tree. Nothing heavy is imported here, so `--help` is instant.
 */

import { Command, Option } from './commander.js';
import { programVersion } from '../run/version.js';
import { assignment, count, draws, jobs, listOf, openProbability, probability, seed } from './options.js';

/** Called when a command was chosen and its arguments and options are well formed. */
export type Launch = (name: string, args: string[], options: Record<string, unknown>) => Promise<void>;

const RUN_ARGUMENT = 'folder of a run (default: the newest complete run under runs/)';
const MODEL_ARGUMENT = 'folder of a run or of an exported model (default: the newest complete run under runs/)';

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
  declareInspect(program);
  program.commandsGroup('Use a run:');
  declareSelect(program);
  declarePrune(program);
  declarePredict(program);
  declareEvaluate(program);
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

const withSource = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'config in YAML or JSON')
    .option('--data <file>', "CSV file, plain or gzip; '-' is stdin (data.path)")
    .option('--target <column>', 'column to predict (data.target)')
    .option('--seed <n>', 'seed of every random draw (train.seed)', seed)
    .option('--set <key=value>', 'set any config key, such as train.epochs=500; may be repeated', assignment);

const engineOption = (): Option =>
  new Option('--engine <name>', 'TensorFlow engine; BNNC_ENGINE sets it, too (default: auto)')
    .choices(['auto', 'native', 'wasm']);

const withDraws = (command: Command): Command =>
  command
    .option('--draws <n>', 'posterior draws to average over (default: 64; an exported model uses its means)', draws)
    .addOption(engineOption());

function declareInit(program: Command): void {
  program
    .command('init')
    .summary('look at a CSV file and write a commented config for it')
    .description('Infers the columns of a CSV file and writes a commented config with a $schema line for editors.')
    .argument('<data>', 'CSV file')
    .requiredOption('--target <column>', 'column to predict')
    .option('-o, --out <file>', "config file to write; '-' is stdout", 'bnnc.yaml')
    .option('--force', 'replace the file when it exists')
    .addHelpText('after', '\nExample:\n  $ bnnc init houses.csv --target price && bnnc train -c bnnc.yaml');
}

function declareValidate(program: Command): void {
  withSource(program.command('validate').summary('check config and data without training'))
    .description('Checks the config, then the data against it, and tells every problem of the config at once.')
    .option('--print', 'print the resolved config and where each value came from')
    .addHelpText('after', '\nExample:\n  $ bnnc validate -c bnnc.yaml --print');
}

function declareTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train a network and write a run folder; prints its path')
    .description(
      'Trains a spike-and-slab Bayesian network by variational inference and writes a run folder with the posterior\n' +
      'and the inclusion probabilities of all inputs, nodes and weights. Prints the path of the run.\n' +
      'Needs --config, or --data and --target.');
  command.optionsGroup('What to train:');
  withSource(command);
  command.optionsGroup('The run:');
  command
    .option('-o, --out <dir>', 'run folder to write (default: runs/<name>-<number>)')
    .option('--force', 'replace the run folder when it is there')
    .option('--resume <dir>', 'go on with an interrupted run, bit-exactly')
    .option('--dry-run', 'tell what would be trained (rows, columns, parameters, steps) and stop')
    .option('--json', 'print one JSON document instead of the path')
    .option('--jobs <n>', 'fits made at once, or auto; results do not depend on it (default: auto, up to the cores)', jobs)
    .addOption(engineOption())
    .addHelpText('after', `
Examples:
  $ bnnc train --data houses.csv --target price
  $ bnnc train -c bnnc.yaml --seed 7 --set train.epochs=500 -o runs/a
  $ zcat big.csv.gz | bnnc train -c bnnc.yaml --data -
  $ bnnc train --resume runs/a --jobs 2

Ctrl-C saves a checkpoint and prints the command that goes on from it.`);
}

function declareInspect(program: Command): void {
  program
    .command('inspect')
    .summary('what is in a run folder or in a CSV file')
    .argument('[path]', 'folder of a run, or a CSV file (default: the newest complete run under runs/)')
    .description('Shows a run (task, data, versions, metrics, inputs with their PIP) or the columns of a CSV file.')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  $ bnnc inspect runs/a\n  $ bnnc inspect houses.csv');
}

function declareSelect(program: Command): void {
  const rivals = ['threshold', 'top', 'fdr'];
  const rule = (flags: string, text: string, parser: (value: string) => number): Option => {
    const option = new Option(flags, text).argParser(parser);
    return option.conflicts(rivals.filter((rival) => rival !== option.attributeName()));
  };
  const command = program
    .command('select-features')
    .summary('names of the inputs that matter, one a line')
    .description(
      'Prints the inputs whose posterior inclusion probability (PIP) passes a rule, the most probable first. With --knockoffs\n' +
      'or --probes it trains again, beside copies of the inputs that the target knows nothing of; that takes as long as the run.')
    .argument('[run]', RUN_ARGUMENT);
  command.optionsGroup('Rule (one of):');
  command
    .addOption(rule('--threshold <p>', 'inputs with a PIP of at least p (default: 0.5)', probability))
    .addOption(rule('--top <k>', 'the k inputs with the largest PIP', count))
    .addOption(rule('--fdr <q>', 'the largest set with a Bayesian false discovery rate of at most q', probability));
  command.optionsGroup('Check by training again:');
  command
    .addOption(new Option('--knockoffs', 'inputs that beat their knockoffs, at the false discovery rate of --fdr (default: 0.1)')
      .conflicts(['threshold', 'top', 'probes']))
    .addOption(new Option('--probes', 'inputs by --threshold beside copies with permuted rows; how many copies enter')
      .conflicts(['top', 'fdr']))
    .option('--jobs <n>', 'fits made at once, or auto; results do not depend on it (default: auto, up to the cores)', jobs)
    .addOption(engineOption());
  command.optionsGroup('Output:');
  command
    .addOption(new Option('--format <name>', 'names, or a table with PIP, spread over restarts and running FDR')
      .choices(['names', 'csv', 'json']).default('names'))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .addHelpText('after', `
Examples:
  $ bnnc select-features runs/a --threshold 0.9
  $ bnnc select-features --fdr 0.05 --format csv
  $ bnnc select-features runs/a --knockoffs --fdr 0.2
  $ bnnc train -c bnnc.yaml | xargs bnnc select-features | head -5`);
}

function declarePrune(program: Command): void {
  program
    .command('prune')
    .summary('cut what is improbable and export the smaller model')
    .description(
      'Removes weights, nodes and inputs whose inclusion probability is below the threshold and whatever no path\n' +
      'uses, makes the matrices physically smaller, writes the model and prints its folder. What that cost and\n' +
      'saved is told on stderr.')
    .argument('[run]', RUN_ARGUMENT)
    .addOption(new Option('--threshold <p>', 'keep what has at least this PIP').argParser(probability).default(0.5))
    .addOption(new Option('--level <name>', 'what to prune').choices(['weight', 'node', 'input', 'all']).default('all'))
    .option('-o, --out <dir>', 'folder to write (default: pruned/ in the run)')
    .addOption(new Option('--format <list>', 'what to export, comma-separated: onnx, json')
      .argParser(listOf(['onnx', 'json'])).default(['onnx', 'json'], 'onnx,json'))
    .option('--force', 'replace the folder when it is there')
    .option('--json', 'print one JSON document instead of the path')
    .addHelpText('after', `
Examples:
  $ bnnc prune --threshold 0.5
  $ bnnc prune runs/a --threshold 0.9 --level input -o small && bnnc predict small new.csv`);
}

function declarePredict(program: Command): void {
  const command = program
    .command('predict')
    .summary('predictions for new rows, as CSV')
    .description(
      'Predicts the rows of a CSV file. Regression: the mean, with --interval its bounds.\n' +
      'Classification: class and probabilities.')
    .argument('[run]', MODEL_ARGUMENT)
    .argument('[data]', "CSV file; '-' or nothing is stdin");
  command.option('--interval <p>', 'regression: also the bounds of the predictive interval of this probability', openProbability);
  withDraws(command)
    .option('-o, --out <file>', "file to write; '-' is stdout")
    .addHelpText('after', `
Examples:
  $ bnnc predict runs/a new.csv --interval 0.9 > predictions.csv
  $ cat new.csv | bnnc predict small - | head`);
}

function declareEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('metrics on rows whose target is known')
    .description(
      'Measures RMSE, negative log-likelihood and interval coverage, or accuracy, negative log-likelihood and\n' +
      'calibration error.')
    .argument('[run]', MODEL_ARGUMENT)
    .argument('[data]', "CSV file with the target column; '-' or nothing is stdin");
  withDraws(command)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ bnnc evaluate runs/a test.csv');
}

function declareHelpers(program: Command): void {
  program
    .command('doctor')
    .summary('which engine runs and why, and how to get the fast one')
    .description('Tells which TensorFlow engine runs, which library versions are there, and how to get the fast engine.')
    .option('--verbose', 'every check, not only the outcome')
    .option('--json', 'print one JSON document');
  program
    .command('completion')
    .summary('print a completion script for your shell')
    .description('Prints a script that completes commands, options and their values.')
    .addArgument(program.createArgument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', `
Install it:
  bash  $ echo 'source <(bnnc completion bash)' >> ~/.bashrc
  zsh   $ bnnc completion zsh > "\${fpath[1]}/_bnnc"
  fish  $ bnnc completion fish > ~/.config/fish/completions/bnnc.fish`);
  program
    .command('schema')
    .summary('print the JSON Schema of the config')
    .description('Prints the JSON Schema of the config, for editors and checkers.');
}
