/** Moves of the chain: proposals with their Metropolis-Hastings ratios, over lists of units. */
import type { Stream } from '../../random.js';
import type { Guide } from '../guide.js';
import type { Network } from '../network.js';
import type { Scales } from '../scales.js';
import type { State } from '../state.js';

export interface Proposal {
  /** The proposed structure, its weights where its fit is to begin. */
  network: Network;
  scales?: Scales;
  /** log q(back) - log q(there), but for `later`. */
  ratio: number;
  /** A part of the ratio that takes the fit of what is proposed; never above 0. */
  later?: (next: State) => number;
}

/** @returns undefined where the move proposes to stay */
export type Move = (state: State, guide: Guide, stream: Stream) => Proposal | undefined;
