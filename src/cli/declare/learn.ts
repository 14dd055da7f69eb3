/** Commands that train, and that look at what was trained. */
import { Option, type Command } from '../commander.js';
import { correlation, count, folds, jobs, probability, ratio } from '../options.js';
import { RUN_ARGUMENT, withSource, engineOption } from './shared.js';

export function declareTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train a network and write a run folder; prints its path')
    .description(
      'Trains a spike-and-slab Bayesian network by variational inference and writes a run folder with the posterior ' +
      'and the inclusion probabilities of all inputs, nodes and weights. Prints the path of the run. ' +
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

export function declareCv(program: Command): void {
  const command = program
    .command('cv')
    .summary('cross-validate: metrics and selected inputs over folds')
    .description(
      'Divides the rows into folds, learns from all folds but one and predicts that one, for each of them. Prints the ' +
      'metrics of the dense, full, pruned and fine-tuned model with standard errors, the paired differences to the ' +
      'dense one, and how often each input is selected. Needs --config, or --data and --target.');
  command.optionsGroup('What to train:');
  withSource(command);
  command.optionsGroup('The folds:');
  command
    .addOption(new Option('--folds <k>', 'number of folds; classes are spread evenly (data.split.stratify)').argParser(folds).default(10))
    .addOption(new Option('--repeats <n>', 'divide the rows anew so many times').argParser(count).default(1))
    .addOption(new Option('--threshold <p>', 'keep what has at least this PIP').argParser(probability).default(0.5))
    .option('--jobs <n>', 'folds worked on at once, or auto; results do not depend on it (default: auto, up to the cores)', jobs)
    .addOption(engineOption());
  command.optionsGroup('Output:');
  command
    .option('-o, --out <file>', "also write the JSON document to a file; '-' is stdout, as --json")
    .option('--json', 'print one JSON document instead of the tables')
    .addHelpText('after', `
Examples:
  $ bnnc cv --data houses.csv --target price --folds 5
  $ bnnc cv -c bnnc.yaml --repeats 3 --set train.restarts=2 -o cv.json

Of data.split only stratify counts: every row is held out once in each repeat. There is no checkpoint: Ctrl-C ends it,
writes nothing and leaves nothing to go on from.`);
}

export function declareInspect(program: Command): void {
  program
    .command('inspect')
    .summary('what is in a run folder or in a CSV file')
    .argument('[path]', 'folder of a run, or a CSV file (default: the newest complete run under runs/)')
    .description('Shows a run (task, data, versions, metrics, inputs with their PIP) or the columns of a CSV file.')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  $ bnnc inspect runs/a\n  $ bnnc inspect houses.csv');
}

export function declareCalibrate(program: Command): void {
  const command = program
    .command('calibrate')
    .summary('whether probabilities mean what they say, on simulated tables like yours')
    .description(
      'Simulates tables with the inputs of your data and a target that depends on some of them, trains ' +
      'on each as a run does, and compares the inclusion probabilities (PIP) with the truth: reliability, ' +
      'realised false discovery rate, power. How much of the target can be known is what the run reached; ' +
      'without a run, from --config, --data or Gaussian inputs, it varies from table to table.')
    .argument('[run]', RUN_ARGUMENT);
  command.optionsGroup('What to simulate:');
  withSource(command);
  command
    .option('--rows <n>', 'Gaussian inputs instead of data: training rows', count)
    .option('--inputs <p>', 'Gaussian inputs: how many', count)
    .option('--correlation <r>', 'Gaussian inputs: correlation of neighbours or of any two (default: 0)', correlation)
    .addOption(new Option('--structure <name>', 'Gaussian inputs: r to the power of the distance, or the same for all (default: ar1)')
      .choices(['ar1', 'equal']))
    .option('--noise <s>', 'standard deviation of the noise, that of the signal being 1 (default: varies)', ratio);
  command.optionsGroup('What to report:');
  command
    .addOption(new Option('--sets <n>', 'simulated tables').argParser(count).default(20))
    .addOption(new Option('--threshold <p>', 'judge the choice of inputs with at least this PIP').argParser(probability).default(0.5))
    .addOption(new Option('--fdr <q>', 'judge the choice by this Bayesian false discovery rate').argParser(probability).default(0.1))
    .option('-o, --out <file>', "file to write; '-' is stdout")
    .option('--json', 'one JSON document instead of tables')
    .option('--jobs <n>', 'tables at once, or auto; results do not depend on it (default: auto, up to the cores)', jobs)
    .addOption(engineOption())
    .addHelpText('after', `
Examples:
  $ bnnc calibrate runs/a
  $ bnnc calibrate -c bnnc.yaml --sets 50 --set train.restarts=2
  $ bnnc calibrate --rows 300 --inputs 20 --correlation 0.5`);
}
