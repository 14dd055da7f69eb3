// Figures of others. Those marked [V] are published and were read from the tables or the committed result files of their
// sources; own ones are scikit-learn 1.9.1 on the same files: logistic regression (C = 1) and a forest of 300 trees, five
// stratified folds.

/** RMSE of PBP (Hernandez-Lobato & Adams 2015), MC dropout (Gal & Ghahramani 2016), deep ensembles (Lakshminarayanan et al. 2017)
 * and MC dropout tuned by grid (2018), each with what its table prints after ±. */
export const PUBLISHED_RMSE = {
  'E6-boston_housing': [[3.01, 0.18], [2.97, 0.85], [3.28, 1.0], [2.9, 0.18]],
  'E6-concrete': [[5.67, 0.09], [5.23, 0.53], [6.03, 0.58], [4.82, 0.16]],
  'E6-energy_heating': [[1.8, 0.05], [1.66, 0.19], [2.09, 0.29], [0.54, 0.06]],
  'E6-kin8nm': [[0.1, 0.0], [0.1, 0.0], [0.09, 0.0], [0.08, 0.0]],
  'E6-power_plant': [[4.12, 0.03], [4.02, 0.18], [4.11, 0.17], [4.01, 0.04]],
  'E6-wine_quality_red': [[0.64, 0.01], [0.62, 0.04], [0.64, 0.04], [0.62, 0.01]],
  'E6-yacht': [[1.02, 0.05], [1.11, 0.38], [1.58, 0.48], [0.67, 0.05]],
};

/** Mean test NLL of PBP, MC dropout and deep ensembles: the signs of their log-likelihoods turned. */
export const PUBLISHED_NLL = {
  'E6-boston_housing': [2.57, 2.46, 2.41], 'E6-concrete': [3.16, 3.04, 3.06], 'E6-energy_heating': [2.04, 1.99, 1.38],
  'E6-kin8nm': [-0.9, -0.95, -1.2], 'E6-power_plant': [2.84, 2.8, 2.79], 'E6-wine_quality_red': [0.97, 0.93, 0.94],
  'E6-yacht': [1.63, 1.55, 1.18],
};

/** Mean test NLL of mean-field variational inference. */
export const MEAN_FIELD_NLL = {
  'E6-boston_housing': 3.12, 'E6-concrete': 3.22, 'E6-energy_heating': 0.93, 'E6-kin8nm': -1.03, 'E6-power_plant': 2.85,
  'E6-wine_quality_red': 1.0, 'E6-yacht': 2.01,
};

const NOISE = 'noise alone: MSE 1.0';
const own = (logistic, forest) => `own: logistic ${logistic}, forest ${forest}`;

/** What else a row is held against. */
export const ANCHORS = {
  E1: NOISE, 'E1-p100': NOISE, 'E1-p500': NOISE, E2: NOISE,
  ...Object.fromEntries([300, 1000].flatMap((n) => [20, 50, 100].map((p) => [`E8-${n}-${p}`, NOISE]))),
  E4a: '[V] LBBNN: RMSE .1228 full, .1268 with 3 weights; noise alone: .100',
  E4b: '[V] LBBNN: accuracy .65 full, .71 sparse; linear rule .854, Bayes .878',
  E5: `[V] LBBNN-LRT: .8689, sparse .8611, plain BNN .8789, density ≈ .35; ${own('.869', '.857')}`,
  E7: '[V] all 60,000 images: 96.86 % with 17 % / 10 % of the nodes (SS-IG), 96.7 % with 886 weights (ISLaB);'
    + ' own, these 5,000: logistic .884, forest .926, network of 100 units .919',
  'E9-leukemia': own('.972', '.972'), 'E9-colon': own('.844', '.827'), 'E9-lymphoma': own('.927', '.854'),
  'CLASS-breast_cancer': own('.979', '.960'), 'CLASS-wine': own('.983', '.978'), 'CLASS-digits': own('.969', '.976'),
  'CLASS-sonar': own('.731', '.837'), 'CLASS-pima_diabetes': own('.775', '.754'), 'CLASS-pima_diabetes_missing': own('.766', '.749'),
  'CLASS-german_credit': own('.750', '.768'), 'CLASS-titanic': own('.788', '.801'), 'CLASS-penguins': own('.991', '.988'),
  'CLASS-house_votes_84': own('.961', '.952'), 'CLASS-dna_splice': own('.936', '.954'), 'CLASS-musk': own('.863', '.903'),
  'CLASS-lung_small': own('.876', '.849'), 'CLASS-isolet': own('.957', '.946'),
};
