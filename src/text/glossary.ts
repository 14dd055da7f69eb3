/** What the words of the program mean: `bnnc explain`, docs/glossary.md. One thing has one word everywhere. */

export interface GlossaryEntry {
  word: string;
  /** Other names of it, and names that other programs have for it. */
  also: readonly string[];
  text: string;
  /** Words to look at next. */
  see: readonly string[];
}

const entry = (word: string, also: readonly string[], text: string, see: readonly string[] = []): GlossaryEntry =>
  ({ word, also, text, see });

/** In the order in which a newcomer meets them. */
export const GLOSSARY: readonly GlossaryEntry[] = [
  entry('input', ['feature', 'predictor', 'variable', 'covariate'],
    'A column of the table that predictions may use, or a group of columns (data.groups). A text column is one input, however many levels '
    + 'it has.', ['PIP']),
  entry('target', ['response', 'outcome', 'label'], 'The column that is predicted: a number, one of two classes, or one of more classes.'),
  entry('PIP', ['posterior inclusion probability', 'inclusion probability'],
    'Posterior inclusion probability: how probable it is, given the rows, that something takes part in the function that the network computes. '
    + 'Inputs, hidden units and weights have one. A PIP near 1 says that predictions need the input. It does not say that the input causes '
    + 'the target. A small one does not show that the input is without effect: another may stand in for it, or the rows may be too few.',
    ['credible set', 'verdict', 'unstable']),
  entry('prior inclusion probability', ['prior'],
    'How probable it is that an input takes part before the rows are seen. It is shared by all inputs (prior.inclusion, or estimated) unless '
    + 'data.columns.X.prior gives an input its own.', ['kept']),
  entry('kept', ['forced', 'keep'],
    'An input that is in whatever the rows say (data.columns.X.keep), as a treatment or a confounder. No PIP is claimed for it. Of a pruned network, '
    + 'the inputs that are left.', ['PIP']),
  entry('credible set', ['set'],
    'Inputs of which one carries an effect, with a probability of at least 0.95; which of them, the rows do not tell. Inputs of a set are mostly '
    + 'strongly correlated. Its purity is the smallest correlation between two of them.', ['PIP']),
  entry('verdict', [],
    'Of an input: zero, linear or nonlinear, whichever is most probable. Of a run: whether held-out rows show that the network predicts better than no '
    + 'inputs, and than the linear model.', ['no inputs', 'linear']),
  entry('unstable', [],
    'An input on which fits differ by more than 0.5 in PIP, or chains by more than 0.3. Another seed may find otherwise.', ['chain', 'restart']),
  entry('no inputs', ['baseline', 'null model', 'guessing'],
    'The prediction that is the same for every row: the mean and spread of the training targets, or the shares of the classes. What any model has to be '
    + 'better than.'),
  entry('linear', ['ridge', 'penalised linear model', 'linear model'],
    'As a row of a table of metrics: the penalised linear model of all inputs (ridge), its penalty chosen by cross-validation on the training rows. '
    + 'As a verdict on an input: it acts on the outputs directly, not through hidden units.', ['dense']),
  entry('dense', ['dense network', 'reference'],
    'The mean-field network of the same shape without gates: no weight is removed. What sparsity is compared with.', ['full posterior']),
  entry('full posterior', ['full', 'posterior', 'average'],
    'All that was learnt: predictions are averages over draws of structures or gates, and of weights. With a search over structures it is the average '
    + 'over these.', ['median model', 'variational', 'search']),
  entry('variational', ['variational inference', 'VI', 'mean field'],
    'The approximate posterior that gradient steps on the ELBO find. With a search over structures it is where chains begin, and a row of its own in '
    + 'tables; with search.steps: 0 it is the result.', ['ELBO', 'search']),
  entry('median model', ['median probability model', 'pruned', 'MPM'],
    'The network of what has a PIP of at least 0.5, its gates fixed on. It is what prune exports at its default threshold.', ['exported', 'PIP']),
  entry('exported', ['model', 'exported model'],
    'The small network that prune writes, in formats that other programs run. Its predictions are those of the weights in the file.', ['median model']),
  entry('ensemble', [], 'Several structures of a search, averaged in one exported file (option ensemble of prune).', ['search']),
  entry('gate', ['spike and slab'],
    'A switch of an input, a hidden unit or a weight, open with some probability. What is closed is exactly 0 (the spike); what is open has a Gaussian '
    + 'prior (the slab).', ['PIP']),
  entry('slab', [], 'The Gaussian prior of a weight whose gates are open. Its standard deviation is prior.slabScale, or estimated.', ['gate']),
  entry('ELBO', ['evidence lower bound', 'bound'],
    'Evidence lower bound: a bound, in nats, on the log probability of the training targets under the model. The fit with the highest one is chosen.',
    ['evidence', 'nats']),
  entry('evidence', ['marginal likelihood'],
    'The probability of the training targets under a model, its weights averaged over their prior. It rewards fit and pays for what is not needed.', ['Bayes factor']),
  entry('Bayes factor', ['log BF'], 'The evidence of one model over that of another; its logarithm in nats. A log Bayes factor of 3 is about 20 to 1.', ['evidence']),
  entry('nats', ['nat'], 'The unit of natural logarithms of probabilities. One nat per row makes the targets e = 2.7 times as probable per row.', ['NLL']),
  entry('NLL', ['negative log-likelihood', 'log loss'],
    'Negative log-likelihood per row, in nats: minus the logarithm of the probability (classes) or density (numbers) that was given to what happened. '
    + 'Lower is better. It punishes predictions that are sure and wrong.', ['nats']),
  entry('AUC', ['area under the ROC curve', 'ROC curve'],
    'The probability that a row of a class has a higher predicted probability of it than a row of another: 0.5 by guessing, 1 at best. The ROC curve shows '
    + 'the share of rows of the class that are found (true positive rate) beside that of the others (false positive rate), at every threshold.'),
  entry('average precision', ['precision', 'recall'],
    'Precision is the share of rows predicted to be of a class that are; recall the share of rows of the class that are predicted to be. Average precision '
    + 'is the mean of the precision over the recall. By guessing it is the share of the class.', ['AUC']),
  entry('confusion matrix', [], 'How many rows of each class are predicted to be of each class.', ['average precision']),
  entry('residual', ['quantile residual'],
    'What a prediction leaves over: observed minus predicted. The quantile residual is where the target lies in its predictive distribution, as a standard '
    + 'normal number; of counts it is drawn at random within their step.', ['predictive interval']),
  entry('predictive interval', [], 'Where a target lies with a stated probability, given the inputs of its row.', ['coverage']),
  entry('credible interval', [], 'Where a number of the model lies with a stated posterior probability.', ['full posterior']),
  entry('partial dependence', ['effect'],
    'The prediction as one input is set to a value in all rows and the others stay as they are, averaged over the rows.', ['effect size']),
  entry('effect size', [],
    "The standard deviation over rows of an input's partial dependence: in the target's units, or on the scale of log odds or of logarithms.",
    ['partial dependence', 'interaction']),
  entry('interaction', ['H statistic'],
    'Two inputs interact where their effect together is not the sum of their own. H is that departure as a share of their joint partial dependence: 0 of '
    + 'effects that add up.', ['partial dependence']),
  entry('coverage', ['90 % coverage'], 'The share of targets within their central 90 % predictive interval. Near 0.9 is right.'),
  entry('calibration error', ['ECE'], 'How far predicted probabilities are from observed shares, averaged over rows in bins of probability.'),
  entry('search', ['search over structures', 'structure search', 'MCMC'],
    'A Markov chain over structures of small networks, with an evidence that is nearly exact. PIPs, predictions and pruned networks are then its '
    + '(search.steps).', ['chain', 'evidence']),
  entry('chain', [], 'One walk of the search, from a variational network, from credible sets, or from nothing. Chains go on until they agree.', ['search', 'unstable']),
  entry('structure', [], 'Which inputs feed which hidden units and outputs.', ['search']),
  entry('restart', ['fit', 'candidate'], 'One variational fit from its own start. The one with the highest bound is chosen.', ['ELBO']),
  entry('hidden unit', ['node', 'neuron'], 'A unit between inputs and outputs. It takes a weighted sum and bends it, which makes nonlinear effects and interactions.'),
  entry('skip', ['direct edge', 'skip connection'], 'An edge from an input past hidden layers. With skips the network contains the linear model.', ['linear']),
  entry('background', ['dense background'],
    'What many weak effects add to predictions where the noise is not normal, as of classes. It names no inputs. The option background of prune exports it.', ['linear']),
  entry('temperature', [], 'Below 1 the gates see more rows than there are, and more of the network stays. PIPs are probabilities at 1 alone.', ['PIP']),
  entry('threshold', [], 'The PIP from which on something is kept or selected; 0.5 by default.', ['median model']),
  entry('FDR', ['false discovery rate'],
    'The expected share of false inputs among those that are selected: the mean of 1 - PIP. The option fdr of select-features keeps it below a value.', ['PIP', 'knockoffs']),
  entry('knockoffs', ['probes', 'null check'],
    'Copies of the inputs that the target knows nothing of. Inputs that are no better than their copies are not selected.', ['FDR']),
  entry('split', ['training rows', 'validation rows', 'test rows', 'held-out'],
    'Rows are divided into those that are learnt from (training), those that choose a threshold (validation) and those that measure (test). '
    + 'data.split says how.', ['group', 'leakage']),
  entry('group', ['grouped rows'],
    'Of rows: those of one patient, site or batch, which stay on one side of every split (data.split.group). Of columns: those that share one gate '
    + '(data.groups).', ['split', 'leakage']),
  entry('leakage', ['data leakage'],
    'Held-out rows that are nearly copies of training rows, or an input that gives the target away. Metrics are then better than they will be on new rows.', ['group']),
  entry('fine-tuning', ['fine-tune'], 'Weights of a pruned network trained on, with its gates as they are (an option of prune).'),
  entry('run', [], 'The folder that train writes: config, posterior, PIPs, metrics, manifest. docs/formats.md describes its files.', ['exported']),
];

const folded = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

/** The entry of a word or of another name of it; case, blanks and hyphens do not count. */
export const glossaryEntry = (word: string): GlossaryEntry | undefined =>
  GLOSSARY.find((each) => [each.word, ...each.also].some((name) => folded(name) === folded(word)));

/** All names. */
export const glossaryNames = (): string[] => GLOSSARY.flatMap(({ word, also }) => [word, ...also]);
