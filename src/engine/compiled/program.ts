/**
 * A recorded program: TensorFlow operations in order, on named inputs and constants. Nothing here runs anything.
 */

export type DType = 'float32' | 'int32' | 'bool';

/** What an operation reads: a named input, a constant, or an output of an earlier operation. */
export type Ref = { input: string } | { constant: number } | { node: number; output: number };

export interface Constant {
  dtype: DType;
  shape: number[];
  values: Float32Array | Int32Array | Uint8Array;
}

/** An attribute as TensorFlow names it. */
export interface Attribute {
  name: string;
  type: 'string' | 'int' | 'float' | 'bool' | 'type' | 'shape';
  value: string | number | boolean | number[];
}

export interface Operation {
  op: string;
  attributes: Attribute[];
  inputs: Ref[];
  /** One entry per output. */
  outputs: { dtype: DType; shape: number[] }[];
}

export interface Signature {
  dtype: DType;
  shape: number[];
}

export interface Program {
  inputs: Record<string, Signature>;
  constants: Constant[];
  operations: Operation[];
  outputs: Record<string, Ref>;
}

/** A text that is equal for equal references. */
export const refKey = (ref: Ref): string =>
  'input' in ref ? `i:${ref.input}` : 'constant' in ref ? `c:${ref.constant}` : `n:${ref.node}:${ref.output}`;

/** Shape and type of what a reference stands for. */
export function signatureOf(program: Program, ref: Ref): Signature {
  if ('input' in ref) return program.inputs[ref.input];
  return 'constant' in ref ? program.constants[ref.constant] : program.operations[ref.node].outputs[ref.output];
}
