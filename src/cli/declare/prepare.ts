/** Commands that come before training. */
import type { Command } from '../commander.js';
import { withSource } from './shared.js';

export function declareInit(program: Command): void {
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

export function declareValidate(program: Command): void {
  withSource(program.command('validate').summary('check config and data without training'))
    .description('Checks the config, then the data against it, and tells every problem of the config at once.')
    .option('--print', 'print the resolved config and where each value came from')
    .addHelpText('after', '\nExample:\n  $ bnnc validate -c bnnc.yaml --print');
}
