/**
 * Emits a scan as a TensorFlow graph: a functional while loop over a body made of a recorded step.
 *
 *     carry <- step(carry, slice_i, fixed)   for i = 0 .. count - 1
 *
 * The loop's variables are i, count, the carry, the fixed tensors and the stacks whose i-th rows are the slices.
 */
import { argument, type Argument, constantNode, functionMessage, outputOf, programNodes, shapeMessage, TYPE_NUMBER } from './emit.js';
import type { AttributeMessage, FunctionMessage, GraphMessage, NodeMessage } from './graph-schema.js';
import type { Program, Signature } from './program.js';

/** Which of the program's inputs are what; together they are all its inputs. Carry names are also its outputs. */
export interface LoopRoles {
  carry: string[];
  fixed: string[];
  /** Inputs that are row i of a stack. */
  slices: string[];
  /**
   * Rows of the stacks when XLA compiles the loop, which fuses operations but wants to know all shapes; undefined when
   * TensorFlow runs them one by one.
   */
  fusedRows?: number | undefined;
}

interface Variable { name: string; signature: Signature }

/**
 * Runs a function's nodes in order in the calling thread. Steps are chains of short operations: handing them to other threads
 * costs more than it gains, and an operation that is long spreads itself over threads all the same.
 */
const ONE_THREAD: Record<string, AttributeMessage> = { _executor: { s: new TextEncoder().encode('SINGLE_THREADED_EXECUTOR') } };

/** Marks a function and its call for XLA. */
const COMPILED: Record<string, AttributeMessage> = { _XlaMustCompile: { b: true } };

const INT: Signature = { dtype: 'int32', shape: [] };

export const stackName = (slice: string): string => `${slice}_stack`;

/** The graph's placeholders by name, and the names of its outputs. */
export interface LoopGraph {
  graph: GraphMessage;
  inputs: string[];
  outputs: string[];
}

export function loopGraph(program: Program, roles: LoopRoles): LoopGraph {
  const signature = (name: string): Signature => program.inputs[name];
  const variables: Variable[] = [
    ...[...roles.carry, ...roles.fixed].map((name) => ({ name, signature: signature(name) })),
    ...roles.slices.map((name) => ({
      name: stackName(name), signature: { ...signature(name), shape: [roles.fusedRows ?? -1, ...signature(name).shape] },
    })),
  ];
  const all: Variable[] = [{ name: 'i', signature: INT }, { name: 'count', signature: INT }, ...variables];
  const inputs: Variable[] = all.slice(1);
  const library = [condition(all), body(program, roles, all), whole(all, roles, program)];
  const types = (list: Variable[]): AttributeMessage => ({ list: { type: list.map(typeOf) } });
  const results = roles.carry.map((name) => ({ name, signature: signature(name) }));
  const node: NodeMessage[] = inputs.map(({ name, signature: { dtype, shape } }) => ({
    name, op: 'Placeholder', input: [], attr: { dtype: { type: TYPE_NUMBER[dtype] }, shape: { shape: shapeMessage(shape) } },
  }));
  node.push({
    name: 'call', op: 'PartitionedCall', input: inputs.map(({ name }) => name),
    attr: { Tin: types(inputs), Tout: types(results), f: { func: { name: 'loop' } }, ...(roles.fusedRows && COMPILED) },
  });
  results.forEach(({ name, signature: { dtype } }, at) => {
    node.push({ name: `out_${name}`, op: 'Identity', input: [at === 0 ? 'call' : `call:${at}`], attr: { T: { type: TYPE_NUMBER[dtype] } } });
  });
  return {
    graph: { node, library: { function: library }, versions: { producer: 1882 } },
    inputs: inputs.map(({ name }) => name), outputs: results.map(({ name }) => `out_${name}`),
  };
}

const argumentsOf = (list: Variable[]): Argument[] => list.map(({ name, signature }) => argument(name, signature));

const typeOf = ({ signature: { dtype } }: Variable): number => TYPE_NUMBER[dtype];

function condition(all: Variable[]): FunctionMessage {
  const less: NodeMessage = { name: 'less', op: 'Less', input: ['i', 'count'], attr: { T: { type: TYPE_NUMBER.int32 } } };
  return functionMessage('cond', argumentsOf(all), [{ name: 'go', type: TYPE_NUMBER.bool, value: outputOf('less', 'Less') }], [less]);
}

function body(program: Program, roles: LoopRoles, all: Variable[]): FunctionMessage {
  const one = constantNode('one', { dtype: 'int32', shape: [], values: Int32Array.of(1) });
  const axis = constantNode('axis', { dtype: 'int32', shape: [], values: Int32Array.of(0) });
  const next: NodeMessage = { name: 'next', op: 'AddV2', input: ['i', outputOf('one', 'Const')], attr: { T: { type: TYPE_NUMBER.int32 } } };
  const read: Record<string, string> = Object.fromEntries([...roles.carry, ...roles.fixed].map((name) => [name, name]));
  const slices = roles.slices.map((name): NodeMessage => {
    read[name] = outputOf(`slice_${name}`, 'GatherV2');
    return {
      name: `slice_${name}`, op: 'GatherV2', input: [stackName(name), 'i', outputOf('axis', 'Const')],
      attr: {
        Tparams: { type: TYPE_NUMBER[program.inputs[name].dtype] }, Tindices: { type: TYPE_NUMBER.int32 },
        Taxis: { type: TYPE_NUMBER.int32 }, batch_dims: { i: 0 },
      },
    };
  });
  const { nodes, outputs } = programNodes(program, read);
  const results = all.map(({ name, signature }) => ({
    name: `${name}_out`, type: TYPE_NUMBER[signature.dtype],
    value: name === 'i' ? outputOf('next', 'AddV2') : (outputs[name] ?? name),
  }));
  return functionMessage('body', argumentsOf(all), results, [one, axis, next, ...slices, ...nodes]);
}

function whole(all: Variable[], roles: LoopRoles, program: Program): FunctionMessage {
  const zero = constantNode('zero', { dtype: 'int32', shape: [], values: Int32Array.of(0) });
  const loop: NodeMessage = {
    name: 'while', op: 'StatelessWhile',
    input: all.map(({ name }) => (name === 'i' ? outputOf('zero', 'Const') : name)),
    attr: {
      T: { list: { type: all.map(typeOf) } },
      cond: { func: { name: 'cond', attr: ONE_THREAD } }, body: { func: { name: 'body', attr: ONE_THREAD } },
      output_shapes: { list: { shape: all.map(({ signature: { shape } }) => shapeMessage(shape)) } },
      parallel_iterations: { i: 1 },
    },
  };
  const results = roles.carry.map((name) => ({
    name: `${name}_out`, type: TYPE_NUMBER[program.inputs[name].dtype],
    value: outputOf('while', 'StatelessWhile', all.findIndex((variable) => variable.name === name)),
  }));
  return functionMessage('loop', argumentsOf(all.slice(1)), results, [zero, loop], roles.fusedRows ? COMPILED : undefined);
}
