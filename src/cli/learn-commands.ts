/** The commands that learn from a table. */

import { CALIBRATE } from '../api/options/calibrate.js';
import { CROSS_VALIDATE } from '../api/options/cross-validate.js';
import { INSPECT } from '../api/options/look.js';
import { SWEEP } from '../api/options/sweep.js';
import { TRAIN } from '../api/options/train.js';
import { RUN, type CommandEntry } from './command-entry.js';

export const LEARN: Record<string, CommandEntry> = {
  train: {
    group: 'Learn:',
    summary: 'train a network, write a run folder and print its path',
    description:
      'Trains a spike-and-slab Bayesian network by variational inference. Writes a run folder with the posterior ' +
      'and the inclusion probabilities of all inputs, nodes and weights. Prints the path of the run. ' +
      'Needs --config, or --data and --target; with --add-restarts a finished run.',
    arguments: [{ name: '[run]', words: 'folder of the finished run that --add-restarts is for' }],
    options: TRAIN,
    after: `
Examples:
  $ bnnc train --data houses.csv --target price
  $ bnnc train -c bnnc.yaml --seed 7 --set train.epochs=500 -o runs/a
  $ zcat big.csv.gz | bnnc train -c bnnc.yaml --data -
  $ bnnc train --resume runs/a --jobs 2
  $ bnnc train --add-restarts 4 runs/a

Ctrl-C saves a checkpoint and prints the command that continues from it.`,
    orderly: true,
  },
  cv: {
    group: 'Learn:',
    summary: 'cross-validate: show metrics and selected inputs over folds',
    description:
      'Divides the rows into folds. Learns from all folds but one and predicts that one, in turn for each of them. Prints '
    + 'what the network gains over a linear model and over no inputs, metrics of all models with standard errors, paired '
    + 'differences to the dense one, and how often each input is selected. Needs --config, or --data and --target.',
    options: CROSS_VALIDATE,
    after: `
Examples:
  $ bnnc cv --data houses.csv --target price --folds 5
  $ bnnc cv -c bnnc.yaml --repeats 3 --set train.restarts=2 -o cv.json

Of data.split only stratify, group and time are used: whole groups go to a fold, and with time a fold learns from
earlier rows alone. There is no checkpoint: after Ctrl-C nothing is written, and nothing can be continued.`,
    orderly: true,
  },
  sweep: {
    group: 'Learn:',
    summary: 'compare settings of the config by cross-validation',
    description:
      'Measures settings of config keys on the same folds: a grid, settings drawn at random, or successive halving. Writes a '
    + 'table, a plot of loss against size, the best config and the simplest one within a standard error of it.',
    options: SWEEP,
    after: `
Example, with a file sweep.yaml:
  config: bnnc.yaml
  method: random
  trials: 20
  keys:
    model.hidden: [[4], [8], [8, 4]]
    prior.slabVariance: {min: 0.1, max: 10, log: true}

  $ bnnc sweep -c sweep.yaml -o sweeps/a && bnnc train -c sweeps/a/best.yaml

After Ctrl-C the same command goes on where it was.`,
    orderly: true,
  },
  inspect: {
    group: 'Learn:',
    summary: 'show what is in a run, a model or a table',
    description: 'Shows a run (task, data, versions, metrics, inputs with their PIPs), an exported model, or the columns of a table.',
    arguments: [{ name: '[path]', words: 'folder of a run or of an exported model, or a file with a table (default: the newest complete run under runs/)' }],
    options: INSPECT,
    after: '\nExamples:\n  $ bnnc inspect runs/a\n  $ bnnc inspect houses.csv',
  },
  calibrate: {
    group: 'Learn:',
    summary: 'measure on simulated tables like yours how far PIPs can be trusted',
    description:
      'Simulates tables with the inputs of your data and a target that depends on some of them. Trains ' +
      'on each as a run does. Compares the inclusion probabilities (PIPs) with the truth: reliability, ' +
      'realised false discovery rate, power. The targets are as predictable as that of the run; ' +
      'without a run (with --config, --data or Gaussian inputs) this varies from table to table.',
    arguments: [RUN],
    options: CALIBRATE,
    after: `
Examples:
  $ bnnc calibrate runs/a
  $ bnnc calibrate -c bnnc.yaml --sets 50 --set train.restarts=2
  $ bnnc calibrate --rows 300 --inputs 20 --correlation 0.5`,
    orderly: true,
  },
};
