/** How the outputs of a network become predictions where it is exported. */

/** A layer without its activation: weight inputs x outputs, bias outputs. */
export interface Affine {
  inputs: number;
  outputs: number;
  weight: Float32Array;
  bias: Float32Array;
}

/** The last layer of an export with what makes predictions of its outputs: an affine map and one function of it. */
export interface Head extends Affine {
  /**
   * `linear` and `exp` give a number in its own units, `softmax` the probabilities of the classes; `sigmoid` comes before
   * `then`.
   */
  activation: 'linear' | 'exp' | 'softmax' | 'sigmoid';
  /** One more layer, without a function, that gives what is predicted. */
  then?: Affine;
  /** Of noise that varies: the logarithm of its standard deviation, in the target's own units, from what this layer reads. */
  noise?: Affine;
  /** What is predicted is called so in an export. */
  prediction: 'prediction' | 'probabilities';
  /** What the affine map gives is called so where a function follows. */
  before: string;
}
