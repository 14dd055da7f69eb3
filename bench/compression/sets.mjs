// The sets: settings of training, and how their networks are pruned. The last column of a file is the target.
const small = (data, task) => ({
  data, sets: [`data.task=${task}`, 'model.hidden=[50, 50]', 'data.split.test=0.2', 'data.split.validation=0'],
  prune: { threshold: 0.5 },
});

const REGRESSION = ['boston_housing', 'concrete', 'energy_heating', 'kin8nm', 'power_plant', 'wine_quality_red', 'yacht'];
const BINARY = ['raisin', 'breast_cancer', 'sonar', 'pima_diabetes', 'german_credit', 'house_votes_84'];
const MULTICLASS = ['wine', 'digits'];

export const SETS = {
  ...Object.fromEntries(REGRESSION.map((name) => [name, small(name, 'regression')])),
  ...Object.fromEntries(BINARY.map((name) => [name, small(name, 'binary')])),
  ...Object.fromEntries(MULTICLASS.map((name) => [name, small(name, 'multiclass')])),
  mnist: {
    data: 'mnist_train_5000', test: 'mnist_test_1000',
    sets: ['data.task=multiclass', 'model.hidden=[400, 400]', 'model.activation=relu', 'train.batch=128', 'train.epochs=205',
      'train.learningRate=0.003', 'train.gateLearningRate=2', 'train.restarts=1', 'train.temperature=0.04', 'data.split.test=0',
      'data.split.validation=0'],
    prune: { threshold: 0.5, fineTune: true },
  },
};
