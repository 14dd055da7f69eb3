/** The files of a run, each once: what writes and reads them, what may be replaced, and the table of docs/formats.md. */

interface RunFile {
  /** In the run's folder. */
  path: string;
  /** What it holds, as docs/formats.md says it. */
  content: string;
}

const file = (path: string, content: string): RunFile => ({ path, content });

/** What training writes, in the order of the table. */
export const RUN_FILES = {
  config: file('config.yaml', 'the resolved config, every key, paths absolute'),
  encoder: file('encoder.json', 'how a CSV row becomes network inputs'),
  splits: file('splits.csv', 'which rows trained, validated and tested'),
  posterior: file('posterior.safetensors', 'the posterior of the chosen fit'),
  dense: file(
    'dense.safetensors', 'the dense reference in the same form; absent with `train.reference: false`, or without gates and Gaussian spike',
  ),
  inputs: file('inclusion/inputs.csv', 'PIPs of the inputs'),
  sets: file('inclusion/sets.csv', 'credible sets of inputs; not in runs of earlier versions'),
  nodes: file('inclusion/nodes.csv', 'PIPs of the hidden nodes'),
  weights: file('inclusion/weights.csv', 'PIPs and posterior moments of the weights'),
  linear: file('linear.json', 'what a linear model alone finds; not in runs of earlier versions'),
  metrics: file('metrics.json', 'how well the models predict each part of the rows'),
  history: file('history.csv', 'how every fit went'),
  fits: file('fits.safetensors', 'the states of all fits, to add restarts to or to begin other fits with; absent above 20 MB and with `train.temperature: auto`'),
  manifest: file('manifest.json', 'what made the run, and the list of its files'),
} as const satisfies Record<string, RunFile>;

/** What earlier versions wrote, and nothing reads any more. */
const FORMER = ['inclusion/stand-ins.csv'];

/** The folder of an interrupted run's states. */
export const CHECKPOINT = 'checkpoint';
export const CHECKPOINT_STATE = `${CHECKPOINT}/state.json`;
/** The tensors of the states, in a file named by their content. */
export const checkpointTensors = (hash: string): string => `${CHECKPOINT}/fits-${hash}.safetensors`;
/** The chains of a search, likewise. */
export const checkpointChains = (hash: string): string => `${CHECKPOINT}/chains-${hash}.json`;
const CHAINS = /^checkpoint\/chains-[0-9a-f]+\.json$/;
const TENSORS = /^checkpoint\/fits[-0-9a-f]*\.safetensors$/;

/** The files that `bnnc report` adds: the page, and the same printed. */
export const REPORT_FILES = ['report.html', 'report.pdf', 'report.png'];
/** The folder that `bnnc prune` writes in a run. */
export const PRUNED = 'pruned/';

const paths = Object.values(RUN_FILES).map(({ path }) => path);
const OWN = new Set([...paths, ...FORMER, CHECKPOINT_STATE, ...REPORT_FILES]);

/** Whether a run has a file of this path. */
export const isRunFile = (name: string): boolean => OWN.has(name) || TENSORS.test(name) || CHAINS.test(name);

/** The lines of the table in docs/formats.md. */
export const layoutLines = (): string[] => [
  ...Object.values(RUN_FILES), file(`${CHECKPOINT}/`, 'only in an interrupted run: the states of all fits and chains that have begun'),
].map(({ path, content }) => `| \`${path}\` | ${content} |`);

const folderOf = (path: string): string => path.split('/')[0];

/** Names at the top of a run's folder that training writes before the manifest. */
export const RUN_PARTS = new Set([...paths.filter((path) => path !== RUN_FILES.manifest.path).map(folderOf), CHECKPOINT]);
/** Folders in a run. */
export const RUN_FOLDERS = [...new Set(paths.filter((path) => path.includes('/')).map(folderOf)), CHECKPOINT];
