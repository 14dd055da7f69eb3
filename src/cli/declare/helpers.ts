/** Commands about the program itself. */
import type { Command } from '../commander.js';

export function declareHelpers(program: Command): void {
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
