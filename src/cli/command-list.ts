/** The commands: what each is for and what it takes. Its options are in a table of `api/options`, its code in `commands/NAME`. */

import { COMPARE, DOCTOR, EXPLAIN, REPORT, RUNS } from '../api/options/look.js';
import { EVALUATE, PREDICT } from '../api/options/predict.js';
import { INIT, VALIDATE } from '../api/options/prepare.js';
import { PRUNE } from '../api/options/prune.js';
import { SELECT_FEATURES } from '../api/options/select-features.js';
import { WORKER } from '../api/options/queue.js';
import { MERGE, PLAN, WORK_UNITS } from '../api/options/shards.js';
import { RUN, MODEL, type CommandEntry } from './command-entry.js';
import { LEARN } from './learn-commands.js';

export type { CommandEntry } from './command-entry.js';

const PREPARE: Record<string, CommandEntry> = {
  init: {
    group: 'Prepare:',
    summary: 'write a commented config for a table',
    description: 'Infers what each column of a table is, and writes a commented config with a $schema line for editors.',
    arguments: [{ name: '<data>', words: 'file with a table: CSV, JSON Lines or Parquet' }],
    options: INIT,
    after: '\nExample:\n  $ bnnc init houses.csv --target price && bnnc train -c bnnc.yaml',
  },
  validate: {
    group: 'Prepare:',
    summary: 'check config and data without training',
    description: 'Checks the config, then the data against it. Reports all problems of the config at once.',
    options: VALIDATE,
    after: '\nExample:\n  $ bnnc validate -c bnnc.yaml --print',
  },
};

const PARTS = { name: '<parts>', words: 'folder of the results' };
const PLAN_FILE = { name: '<plan>', words: 'file that bnnc plan has written' };

const SHARE: Record<string, CommandEntry> = {
  plan: {
    group: 'Many machines:',
    summary: 'write the units of a job to a file, for many processes to share',
    description:
      'Writes a plan: a job, the checksums of its config and data, and a line for each unit (a fit, a chain, a fold, a simulated '
      + 'table). bnnc work does the units, bnnc merge puts the results together. The result is that of the job done alone.',
    arguments: [
      { name: '<job>', words: 'what to plan: a training, a cross-validation, a calibration, a sweep, or the check of select-features --knockoffs', choices: ['train', 'cv', 'calibrate', 'sweep', 'knockoffs'] },
      { name: '[run]', words: 'calibrate, knockoffs: folder of a run (default for knockoffs: the newest complete run under runs/)' },
    ],
    options: PLAN,
    after: `
Example:
  $ bnnc plan cv -c bnnc.yaml --folds 10 -o plan.jsonl
  $ bnnc work plan.jsonl --shard 1/2 -o parts
  $ bnnc work plan.jsonl --shard 2/2 -o parts   in another terminal, or machine
  $ bnnc merge plan.jsonl parts`,
    orderly: true,
  },
  work: {
    group: 'Many machines:',
    summary: 'do the units of a plan, or a share of them',
    description:
      'Does the units of a plan that fall to a shard, and writes each result to a file of its own. What is there is not done again, so a '
      + 'call that was stopped or killed is repeated as it was. Prints the folder of the results, and says on stderr what waits for other shards.',
    arguments: [PLAN_FILE],
    options: WORK_UNITS,
    after: `
Examples:
  $ bnnc work plan.jsonl -o parts
  $ bnnc work plan.jsonl --shard 2/8 -o parts --wait 3600
  $ bnnc work plan.jsonl --shard auto/8 -o parts       in a task of SLURM or Kubernetes`,
    orderly: true,
  },
  merge: {
    group: 'Many machines:',
    summary: 'put the results of a plan together',
    description:
      'Puts the results of a plan together: a run folder, or the tables of cv, calibrate or select-features --knockoffs. Says what is '
      + 'missing, with the command that makes it. Refuses results of other data, another config or another version.',
    arguments: [PLAN_FILE, PARTS],
    options: MERGE,
    after: '\nExamples:\n  $ bnnc merge plan.jsonl parts -o runs/a\n  $ bnnc merge plan.jsonl parts -o cv.json',
    orderly: true,
  },
  worker: {
    group: 'Many machines:',
    summary: 'do the tasks that others put into a queue',
    description:
      'Waits at a server of Redis or Valkey for the tasks of train, cv, calibrate and select-features --knockoffs that were called with '
      + '--queue, and does them. Ctrl-C gives back what it is doing. Needs the packages bullmq and ioredis. A password may stand in '
      + 'the variable BNNC_QUEUE_PASSWORD.',
    options: WORKER,
    after: `
Example:
  $ bnnc worker --queue redis://localhost:6379 --jobs 2
  $ bnnc cv -c bnnc.yaml --queue redis://localhost:6379    in another terminal`,
    orderly: true,
  },
};

const USE: Record<string, CommandEntry> = {
  'select-features': {
    group: 'Use a run:',
    summary: 'print the names of the inputs that matter',
    description:
      'Prints the inputs whose posterior inclusion probability (PIP) passes a rule, most probable first. --knockoffs ' +
      'and --probes train again, with copies of the inputs that carry no information on the target. This takes as long as the run.',
    arguments: [RUN],
    options: SELECT_FEATURES,
    after: `
Examples:
  $ bnnc select-features runs/a --threshold 0.9
  $ bnnc select-features --fdr 0.05 --format csv
  $ bnnc select-features runs/a --knockoffs --fdr 0.2
  $ bnnc train -c bnnc.yaml | xargs bnnc select-features | head -5`,
  },
  prune: {
    group: 'Use a run:',
    summary: 'remove improbable parts and export the smaller model',
    description:
      'Removes all weights, nodes and inputs whose inclusion probability is below the threshold, and those on no path from an ' +
      'input to an output. Makes the matrices physically smaller, writes the model and prints its folder. Shows on stderr ' +
      'what this costs and saves.',
    arguments: [RUN],
    options: PRUNE,
    after: `
Examples:
  $ bnnc prune --threshold 0.5
  $ bnnc prune runs/a --threshold 0.9 --level input -o small && bnnc predict small new.csv
  $ bnnc prune runs/a --curve
  $ bnnc prune runs/a --threshold auto --fine-tune --quantize`,
    orderly: true,
  },
  predict: {
    group: 'Use a run:',
    summary: 'print predictions for new rows, as CSV',
    description:
      'Predicts the rows of a table (CSV, JSON Lines or Parquet). For numbers it prints the mean, and with --interval its bounds. ' +
      'For classes it prints the class and all probabilities.',
    arguments: [MODEL, { name: '[data]', words: "file with a table; '-' or nothing is stdin" }],
    options: PREDICT,
    after: `
Examples:
  $ bnnc predict runs/a new.csv --interval 0.9 > predictions.csv
  $ bnnc predict small new.csv --explain --uncertainty
  $ cat new.csv | bnnc predict small - | head
  $ bnnc predict small new.csv | paste -d, new.csv -         rows and predictions side by side`,
    orderly: true,
  },
  evaluate: {
    group: 'Use a run:',
    summary: 'measure a run or model on rows with a known target',
    description:
      'Measures how well a run or model predicts. Numbers: RMSE, negative log-likelihood, interval coverage. ' +
      'Classes: accuracy, negative log-likelihood, AUC, calibration error.',
    arguments: [MODEL, { name: '[data]', words: "table with the target column; '-' or nothing is stdin" }],
    options: EVALUATE,
    after: '\nExample:\n  $ bnnc evaluate runs/a test.csv',
  },
  compare: {
    group: 'Use a run:',
    summary: 'show in what two runs differ',
    description:
      'Compares two runs of one target: config keys that differ, inclusion probabilities of the inputs, and predictions of the '
      + 'rows that both hold out, with paired differences.',
    arguments: [{ name: '<run>', words: 'folder of the first run' }, { name: '<other>', words: 'folder of the second run' }],
    options: COMPARE,
    after: '\nExample:\n  $ bnnc compare runs/a runs/b',
    orderly: true,
  },
  runs: {
    group: 'Use a run:',
    summary: 'list the runs of a folder',
    description: 'Lists the runs of a folder, the newest last, with their inputs and how they predict held-out rows.',
    arguments: [{ name: '[folder]', words: 'folder of runs (default: runs)' }],
    options: RUNS,
    after: '\nExample:\n  $ bnnc runs --json',
  },
  report: {
    group: 'Use a run:',
    summary: 'write a run as one page to read, print and send',
    description:
      'Writes one HTML file that needs no network: verdict, warnings with advice, inclusion ' +
      'probabilities, effects of the kept inputs, the network that is left, accuracy and size by threshold, ' +
      'calibration, training. It has no script, unless --interactive adds a form in which the exported model predicts. ' +
      'If the data file is gone, the sections that need it say so. As PDF or PNG it is printed by a browser of the machine. ' +
      'Prints the path.',
    arguments: [RUN],
    options: REPORT,
    after: '\nExamples:\n  $ bnnc report runs/a\n  $ bnnc report runs/a --interactive -o try.html\n  $ bnnc report runs/a -o report.pdf',
    orderly: true,
  },
};

const HELP: Record<string, CommandEntry> = {
  explain: {
    group: 'Help:',
    summary: 'say what a word or a config key means',
    description: 'Says what a word of bnnc means, such as PIP, credible set or median model, or what a config key does. Without a word it lists all.',
    arguments: [{ name: '[word...]', words: 'a word, or a key such as train.restarts' }],
    options: EXPLAIN,
    after: '\nExamples:\n  $ bnnc explain credible set\n  $ bnnc explain data.split.group',
  },
  doctor: {
    group: 'Help:',
    summary: 'show which engine runs and why, and how to get the fast one',
    description: 'Shows which TensorFlow engine runs, which library versions are installed, and how to get the fast engine.',
    options: DOCTOR,
  },
  completion: {
    group: 'Help:',
    summary: 'print a completion script for your shell',
    description: 'Prints a script that completes commands, options and their values.',
    arguments: [{ name: '<shell>', words: 'your shell', choices: ['bash', 'zsh', 'fish'] }],
    options: {},
    after: `
Install it:
  bash  $ echo 'source <(bnnc completion bash)' >> ~/.bashrc
  zsh   $ bnnc completion zsh > "\${fpath[1]}/_bnnc"
  fish  $ bnnc completion fish > ~/.config/fish/completions/bnnc.fish`,
  },
  schema: {
    group: 'Help:',
    summary: 'print the JSON Schema of the config',
    description: 'Prints the JSON Schema of the config, for editors and checkers.',
    options: {},
  },
};

/** By name, in the order of the help. */
export const COMMANDS: Record<string, CommandEntry> = { ...PREPARE, ...LEARN, ...SHARE, ...USE, ...HELP };
