/** Commands that use a run. */
import { EXPORT_FORMATS, ONNX_INPUTS } from '../../export/formats.js';
import { Option, type Command } from '../commander.js';
import { count, jobs, listOf, openProbability, probability, steps, threshold } from '../options.js';
import { RUN_ARGUMENT, MODEL_ARGUMENT, engineOption, withDraws } from './shared.js';

export function declareSelect(program: Command): void {
  const rivals = ['threshold', 'top', 'fdr'];
  const rule = (flags: string, text: string, parser: (value: string) => number): Option => {
    const option = new Option(flags, text).argParser(parser);
    return option.conflicts(rivals.filter((rival) => rival !== option.attributeName()));
  };
  const command = program
    .command('select-features')
    .summary('names of the inputs that matter, one a line')
    .description(
      'Prints the inputs whose posterior inclusion probability (PIP) passes a rule, the most probable first. With --knockoffs ' +
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

export function declarePrune(program: Command): void {
  const command = program
    .command('prune')
    .summary('cut what is improbable and export the smaller model')
    .description(
      'Removes weights, nodes and inputs whose inclusion probability is below the threshold and whatever no path ' +
      'uses, makes the matrices physically smaller, writes the model and prints its folder. What that cost and ' +
      'saved is told on stderr.')
    .argument('[run]', RUN_ARGUMENT);
  command.optionsGroup('What to cut:');
  command
    .addOption(new Option('--threshold <p>',
      'keep what has at least this PIP; auto: the strictest whose loss on the validation rows is within one standard error of the least')
      .argParser(threshold).default(0.5))
    .addOption(new Option('--level <name>', 'what to prune').choices(['weight', 'node', 'input', 'all']).default('all'))
    .addOption(new Option('--curve [form]', 'write no model, but print what each threshold keeps and how that does')
      .choices(['table', 'csv', 'json']).preset('table').conflicts(['threshold', 'fineTune', 'quantize', 'out', 'format', 'onnxInput', 'force']));
  command.optionsGroup('After the cut:');
  command
    .option('--fine-tune [steps]', "train the kept weights on with the run's training rows (steps by default: 2000)", steps)
    .option('--quantize', 'round weights, each by at most half of its posterior standard deviation, to few distinct values')
    .addOption(engineOption());
  command.optionsGroup('The model:');
  command
    .option('-o, --out <dir>', 'folder to write (default: pruned/ in the run)')
    .addOption(new Option('--format <list>', `what to export, comma-separated: ${EXPORT_FORMATS.join(', ')}`)
      .argParser(listOf(EXPORT_FORMATS)).default(['onnx', 'json'], 'onnx,json'))
    .addOption(new Option('--onnx-input <form>', 'what model.onnx takes: encoded columns, or cells as the CSV file has them')
      .choices(ONNX_INPUTS).default('encoded'))
    .option('--force', 'replace the folder when it is there')
    .option('--json', 'print one JSON document instead of the path, or of the curve')
    .addHelpText('after', `
Examples:
  $ bnnc prune --threshold 0.5
  $ bnnc prune runs/a --threshold 0.9 --level input -o small && bnnc predict small new.csv
  $ bnnc prune runs/a --curve
  $ bnnc prune runs/a --threshold auto --fine-tune --quantize`);
}

export function declarePredict(program: Command): void {
  const command = program
    .command('predict')
    .summary('predictions for new rows, as CSV')
    .description(
      'Predicts the rows of a CSV file. Regression: the mean, with --interval its bounds. ' +
      'Classification: class and probabilities.')
    .argument('[run]', MODEL_ARGUMENT)
    .argument('[data]', "CSV file; '-' or nothing is stdin");
  command
    .option('--interval <p>', 'regression: also the bounds of the predictive interval of this probability', openProbability)
    .option('--uncertainty', 'also its epistemic and aleatoric part: standard deviations, of classes entropies in nats')
    .option('--explain', 'also what each kept input adds to the prediction, with credible bounds (of --interval; default: 0.9)');
  withDraws(command)
    .option('-o, --out <file>', "file to write; '-' is stdout")
    .addHelpText('after', `
Examples:
  $ bnnc predict runs/a new.csv --interval 0.9 > predictions.csv
  $ bnnc predict small new.csv --explain --uncertainty
  $ cat new.csv | bnnc predict small - | head
  $ bnnc predict small new.csv | paste -d, new.csv -         rows and predictions side by side`);
}

export function declareEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('metrics on rows whose target is known')
    .description(
      'Measures RMSE, negative log-likelihood and interval coverage, or accuracy, negative log-likelihood and ' +
      'calibration error.')
    .argument('[run]', MODEL_ARGUMENT)
    .argument('[data]', "CSV file with the target column; '-' or nothing is stdin");
  withDraws(command)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ bnnc evaluate runs/a test.csv');
}

export function declareReport(program: Command): void {
  program
    .command('report')
    .summary('what a run learned, as one HTML file to read, print and send')
    .description(
      'Writes one HTML file that needs no network and no script: verdict, warnings with what to do, inclusion ' +
      'probabilities, effects of the kept inputs, the network that is left, accuracy and size by threshold, ' +
      'calibration, course of training. Sections that need the data file say so when it is gone. Prints the path.')
    .argument('[run]', RUN_ARGUMENT)
    .option('-o, --out <file>', "file to write (default: report.html in the run); '-' is stdout")
    .addHelpText('after', '\nExamples:\n  $ bnnc report runs/a\n  $ bnnc report -o report.html');
}
