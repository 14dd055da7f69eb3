/** Turns recorded operations into TensorFlow nodes and functions. */
import type { AttributeMessage, FunctionMessage, NodeMessage, ShapeMessage } from './graph-schema.js';
import type { Attribute, Constant, DType, Program, Ref, Signature } from './program.js';

export const TYPE_NUMBER: Record<DType, number> = { float32: 1, int32: 3, bool: 10 };

export const shapeMessage = (shape: readonly number[]): ShapeMessage => ({ dim: shape.map((size) => ({ size })) });

/** Names of the first output of an operation inside a function (`node:name:0`), as TensorFlow's registry has them. */
const OUTPUT_NAMES: Record<string, string> = {
  ...names('z', 'Add AddV2 Sub Mul Div RealDiv Maximum Minimum SquaredDifference Pow Greater GreaterEqual Less Equal LogicalAnd'),
  ...names('y', 'Neg Exp Log Log1p Sqrt Rsqrt Square Sigmoid Tanh Reciprocal Inv Abs Sign Cast ZerosLike OnesLike Transpose IsNan Sin Cos'),
  ...names('activations', 'Relu Softplus'),
  ...names('output', 'Sum Mean Max Min Reshape Slice StridedSlice ConcatV2 GatherV2 Select SelectV2 Fill Pack ExpandDims Squeeze Identity '
    + 'Tile Split SplitV BatchMatMulV2 Const While StatelessWhile PartitionedCall UnsortedSegmentSum'),
  ...names('product', 'MatMul'),
  ...names('logsoftmax', 'LogSoftmax'),
  ...names('softmax', 'Softmax'),
};

function names(output: string, operations: string): Record<string, string> {
  return Object.fromEntries(operations.split(' ').map((operation) => [operation, output]));
}

/** The text that reads output `index` of a node inside a function. */
export function outputOf(name: string, op: string, index = 0): string {
  const output = OUTPUT_NAMES[op];
  if (!output) throw new Error(`the output name of TensorFlow's operation ${op} is not known to the compiler`);
  return `${name}:${output}:${index}`;
}

export const attributes = (list: readonly Attribute[]): Record<string, AttributeMessage> =>
  Object.fromEntries(list.map(({ name, type, value }) => [name, attribute(type, value)]));

function attribute(type: Attribute['type'], value: Attribute['value']): AttributeMessage {
  switch (type) {
    case 'string': return { s: new TextEncoder().encode(String(value)) };
    case 'int': return { i: Number(value) };
    case 'float': return { f: Number(value) };
    case 'bool': return { b: Boolean(value) };
    case 'type': return { type: Number(value) };
    case 'shape': return { shape: shapeMessage(value as unknown as number[]) };
  }
}

export function constantNode(name: string, { dtype, shape, values }: Constant): NodeMessage {
  const type = TYPE_NUMBER[dtype];
  const tensorContent = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, op: 'Const', input: [], attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape: shapeMessage(shape), tensorContent } } } };
}

/** An argument of a function. */
export interface Argument { name: string; type: number }

export const argument = (name: string, { dtype }: Signature): Argument => ({ name, type: TYPE_NUMBER[dtype] });

/**
 * The program's nodes for use inside a function. `inputs` says how each of the program's inputs is read there.
 * Returns the nodes and how each of the program's outputs is read.
 */
export function programNodes(
  program: Program, inputs: Record<string, string>,
): { nodes: NodeMessage[]; outputs: Record<string, string> } {
  const read = (ref: Ref): string => {
    if ('input' in ref) return inputs[ref.input];
    if ('constant' in ref) return outputOf(`c${ref.constant}`, 'Const');
    return outputOf(`n${ref.node}`, program.operations[ref.node].op, ref.output);
  };
  const nodes = program.constants.map((constant, at) => constantNode(`c${at}`, constant));
  program.operations.forEach(({ op, attributes: list, inputs: refs }, at) => {
    nodes.push({ name: `n${at}`, op, input: refs.map(read), attr: attributes(list) });
  });
  return { nodes, outputs: Object.fromEntries(Object.entries(program.outputs).map(([name, ref]) => [name, read(ref)])) };
}

/** A function message from its parts; `results` maps output names to what is returned and its type. */
export function functionMessage(
  name: string, inputs: Argument[], results: (Argument & { value: string })[], nodeDef: NodeMessage[],
  attr?: Record<string, AttributeMessage>,
): FunctionMessage {
  return {
    signature: { name, inputArg: inputs, outputArg: results.map(({ name: output, type }) => ({ name: output, type })) },
    nodeDef,
    ret: Object.fromEntries(results.map(({ name: output, value }) => [output, value])),
    ...(attr && { attr }),
  };
}
