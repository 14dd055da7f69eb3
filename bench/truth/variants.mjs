// The posteriors that are compared, as settings of the config. The dense network is trained beside each of them.
export const VARIANTS = {
  both: ['model.gates=both'],
  tempered: ['model.gates=both', 'train.temperature=auto'],
  weight: ['model.gates=weight'],
  gaussian: ['prior.spike=gaussian'],
  auto: ['model.gates=auto'],
  // The network of the seed paper, which does not contain the linear model, and the linear model alone.
  plain: ['model.gates=both', 'model.skip=false'],
  linear: ['model.gates=both', 'model.hidden=[]'],
};

export const PEERS = ['both', 'weight', 'gaussian'];
