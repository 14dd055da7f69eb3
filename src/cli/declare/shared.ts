/** What several commands declare alike. */
import { Option, type Command } from '../commander.js';
import { assignment, draws, seed } from '../options.js';

export const RUN_ARGUMENT = 'folder of a run (default: the newest complete run under runs/)';
export const MODEL_ARGUMENT = 'folder of a run or of an exported model (default: the newest complete run under runs/)';

/** Where config and data come from. */
export const withSource = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'config in YAML or JSON')
    .option('--data <file>', "CSV file, plain or gzip; '-' is stdin (data.path)")
    .option('--target <column>', 'column to predict (data.target)')
    .option('--seed <n>', 'seed of every random draw (train.seed)', seed)
    .option('--set <key=value>', 'set any config key, such as train.epochs=500; may be repeated', assignment);

export const engineOption = (): Option =>
  new Option('--engine <name>', 'TensorFlow engine; BNNC_ENGINE sets it, too (default: auto)')
    .choices(['auto', 'native', 'wasm']);

/** For commands that predict. */
export const withDraws = (command: Command): Command =>
  command
    .option('--draws <n>', 'posterior draws to average over (default: 64; an exported model uses its means)', draws)
    .addOption(engineOption());
