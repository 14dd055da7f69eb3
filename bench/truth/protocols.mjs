// The rows of the benchmark.
import { range } from './columns.mjs';
import { givenSplit, readData, stratifiedFold } from './files.mjs';
import { crowded, mixed } from './mixed.mjs';
import { friedman, linear, nonlinearBinary, sunRegression, sunStructure } from './simulated.mjs';

/**
 * What a seed gives to train and test on.
 * @typedef {object} Data
 * @property {import('bnnc/parts').Table} table
 * @property {import('bnnc/parts').Splits} splits
 * @property {import('bnnc/parts').Table} [tests] rows for testing, when the table has none
 * @property {string[]} [truth] names of the true inputs, where they are known
 * @property {string[]} [sets] settings besides those of the protocol
 */

/**
 * @typedef {object} Protocol
 * @property {string} id
 * @property {string} title
 * @property {string} group
 * @property {string} metric mse, rmse (less is better) or accuracy
 * @property {number} seeds how many
 * @property {string} unit what a seed is: a data set drawn with it, a given split, a fold
 * @property {string[]} sets settings besides the defaults
 * @property {string[]} needs files of the data folder, without .csv
 * @property {(seed: number, folder: string) => Data | Promise<Data>} data
 * @property {number[]} [curve] thresholds at which the network is pruned besides 0.5
 * @property {'all'} [kept] the records keep the PIPs of all inputs
 * @property {'knockoffs'} [copies] inputs are compared with copies of this kind, too
 * @property {boolean} [asked] only run when its row is named
 * @property {boolean} [light] a smaller form of another row, which no target speaks of
 */

/** @returns {Protocol} */
const simulated = (id, title, { metric = 'rmse', seeds = 20, sets = ['data.task=regression'], ...rest }, draw) =>
  ({ id, title, group: id.split('-')[0], metric, seeds, unit: 'seed', sets, needs: [], data: (seed) => draw(seed), ...rest });

const sun = (p, id, rest = {}) =>
  simulated(id, `Sun et al. regression, n = 10,000, p = ${p.toLocaleString('en')}`, { metric: 'mse', seeds: 10, ...rest }, sunRegression(p));
const LIGHT = { asked: true, light: true };

const SIMULATED = [
  sun(2000, 'E1'), sun(100, 'E1-p100', LIGHT), sun(500, 'E1-p500', LIGHT),
  simulated('E2', 'Sun et al. structure, n = 10,000, p = 1,000', { metric: 'mse', seeds: 10 }, sunStructure(1000)),
  simulated('E4a', 'linear, n = 1,000, p = 15', {}, linear),
  simulated('E4b', 'nonlinear binary, n = 1,000, p = 15', { metric: 'accuracy', sets: ['data.task=binary'] }, nonlinearBinary),
  ...[1000, 300].flatMap((n) => [20, 50, 100].map((p) =>
    simulated(`E8-${n}-${p}`, `Friedman-1, n = ${n}, p = ${p}`, { metric: 'mse' }, friedman(n, p)))),
  simulated('RELIABILITY', 'sets of mixed n, p, signal and correlation', { metric: 'rmse', seeds: 60, sets: [], kept: 'all' }, mixed),
  simulated('KNOCKOFFS', '15 of 50 inputs are true', { seeds: 20, copies: 'knockoffs', kept: 'all' }, crowded),
];

/** @returns {Protocol} */
const splits = (name) => ({
  id: `E6-${name}`, title: name, group: 'E6', metric: 'rmse', seeds: 20, unit: 'split', needs: [name, `${name}.splits`],
  sets: ['data.task=regression', 'model.hidden=[50]'],
  async data(seed, folder) {
    return { table: await readData(folder, name), splits: givenSplit(folder, name, seed - 1) };
  },
});

/** @returns {Protocol} */
const folded = (group, name, task, folds, id = `${group}-${name}`) => ({
  id, title: name, group, metric: 'accuracy', seeds: folds, unit: 'fold', needs: [name], sets: [`data.task=${task}`],
  async data(seed, folder) {
    const table = await readData(folder, name);
    return { table, splits: stratifiedFold(table, name, { task, folds, fold: seed - 1 }) };
  },
});

/** The rows stay divided as they are; what the seed changes is the training. @returns {Protocol} */
const reseeded = (name, task, rest = {}) => ({
  id: `SEEDS-${name}`, title: name, group: 'SEEDS', metric: task === 'regression' ? 'rmse' : 'accuracy', seeds: 5, unit: 'seed',
  needs: [name], sets: [`data.task=${task}`], kept: 'all',
  async data(_seed, folder) {
    const table = await readData(folder, name);
    return { table, splits: stratifiedFold(table, name, { task, folds: 5, fold: 0 }) };
  },
  ...rest,
});

/** @type {Protocol} */
const mnist = {
  id: 'E7', title: 'MNIST, 5,000 / 1,000 images, 784-400-400-10', group: 'E7', metric: 'accuracy', seeds: 1, unit: 'seed', asked: true,
  needs: ['mnist_train_5000', 'mnist_test_1000'], curve: [0.05, 0.1, 0.25, 0.75, 0.9, 0.95, 0.99],
  // 39 steps an epoch, 8,000 in all.
  sets: ['data.task=multiclass', 'model.hidden=[400, 400]', 'model.activation=relu', 'train.batch=128', 'train.epochs=205',
    'train.learningRate=0.003', 'train.gateLearningRate=2', 'train.restarts=1'],
  async data(_seed, folder) {
    const table = await readData(folder, 'mnist_train_5000');
    const none = new Int32Array(0);
    return { table, splits: { train: range(0, table.rows), validation: none, test: none }, tests: await readData(folder, 'mnist_test_1000') };
  },
};

const REGRESSION = ['boston_housing', 'concrete', 'energy_heating', 'kin8nm', 'power_plant', 'wine_quality_red', 'yacht'];
const BINARY = ['breast_cancer', 'sonar', 'pima_diabetes', 'pima_diabetes_missing', 'german_credit', 'titanic', 'house_votes_84', 'musk'];
const MULTICLASS = ['wine', 'digits', 'penguins', 'dna_splice', 'lung_small', 'isolet'];

export const PROTOCOLS = [
  ...SIMULATED,
  folded('E5', 'raisin', 'binary', 10, 'E5'),
  ...REGRESSION.map(splits),
  mnist,
  folded('E9', 'leukemia_allaml', 'binary', 5, 'E9-leukemia'),
  folded('E9', 'colon', 'binary', 5), folded('E9', 'lymphoma', 'multiclass', 5),
  ...BINARY.map((name) => folded('CLASS', name, 'binary', 5)),
  ...MULTICLASS.map((name) => folded('CLASS', name, 'multiclass', 5)),
  reseeded('raisin', 'binary'), reseeded('boston_housing', 'regression'), reseeded('concrete', 'regression'),
  reseeded('auto_mpg', 'regression', { asked: true }),
  reseeded('wine', 'multiclass', { asked: true }),
  ...['german_credit', 'breast_cancer', 'titanic'].map((name) => reseeded(name, 'binary', { asked: true })),
];

export const protocolOf = (row) => PROTOCOLS.find(({ id }) => id === row);

/** More is better for accuracy, less for errors. */
export const direction = (metric) => (metric === 'accuracy' ? 1 : -1);

/** The metric of a row from the product's own metrics. */
export const figureOf = (metric, { rmse, accuracy }) => ({ mse: rmse ** 2, rmse, accuracy })[metric];
