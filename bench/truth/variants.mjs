// The posteriors that are compared, as settings of the config. The dense network is trained beside each of them.
const variational = (...sets) => [...sets, 'search.steps=0'];

/** @type {Record<string, string[]>} */
export const VARIANTS = {
  search: ['search.steps=auto'],
  both: variational('model.gates=both'),
  tempered: variational('model.gates=both', 'train.temperature=auto'),
  weight: variational('model.gates=weight'),
  gaussian: variational('prior.spike=gaussian'),
  auto: variational('model.gates=auto'),
  // The network of the seed paper, which does not contain the linear model, and the linear model alone.
  plain: variational('model.gates=both', 'model.skip=false'),
  linear: variational('model.gates=both', 'model.hidden=[]'),
};

export const PEERS = ['search', 'both', 'weight', 'gaussian'];
