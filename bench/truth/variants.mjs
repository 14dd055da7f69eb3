// The posteriors that are compared, as settings of the config. The dense network is trained beside each of them.
export const VARIANTS = {
  both: ['model.gates=both'],
  tempered: ['model.gates=both', 'train.temperature=auto'],
  weight: ['model.gates=weight'],
  gaussian: ['prior.spike=gaussian'],
  auto: ['model.gates=auto'],
};

export const PEERS = ['both', 'weight', 'gaussian'];
