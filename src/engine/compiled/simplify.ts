/**
 * Makes a recorded program smaller without changing what it computes: one node for equal subexpressions, no reshapes to
 * the same shape, plain matrix products instead of batches of one, nothing that no output needs.
 */
import { refKey, signatureOf, type Constant, type Operation, type Program, type Ref } from './program.js';

/** Returns a simplified copy. */
export function simplify(program: Program): Program {
  return withoutDeadCode(new Simplifier(program).run());
}

class Simplifier {
  private readonly result: Program;
  /** From references of the old program to those of the new. */
  private readonly moved = new Map<string, Ref>();
  private readonly seen = new Map<string, number>();
  private readonly constants = new Map<string, Ref>();

  constructor(private readonly program: Program) {
    this.result = { inputs: program.inputs, constants: [], operations: [], outputs: {} };
  }

  run(): Program {
    this.program.operations.forEach((operation, node) => {
      const ref = this.rewrite({ ...operation, inputs: operation.inputs.map((input) => this.move(input)) });
      const single = operation.outputs.length === 1;
      operation.outputs.forEach((_, output) => {
        this.moved.set(`n:${node}:${output}`, single || !('node' in ref) ? ref : { ...ref, output });
      });
    });
    for (const [name, ref] of Object.entries(this.program.outputs)) this.result.outputs[name] = this.move(ref);
    return this.result;
  }

  private move(ref: Ref): Ref {
    if ('input' in ref) return ref;
    return 'constant' in ref ? this.constant(this.program.constants[ref.constant]) : this.moved.get(refKey(ref))!;
  }

  private constant(constant: Constant): Ref {
    // Large constants are index vectors, made once each: comparing them would cost more than it saves.
    const { dtype, shape, values } = constant;
    const key = values.length > 64 ? undefined : `${dtype}[${shape.join()}](${Array.from(values, text).join()})`;
    const found = key && this.constants.get(key);
    if (found) return found;
    const known = this.result.constants.indexOf(constant);
    const ref: Ref = { constant: known >= 0 ? known : this.result.constants.push(constant) - 1 };
    if (key) this.constants.set(key, ref);
    return ref;
  }

  private rewrite(operation: Operation): Ref {
    if (operation.op === 'Reshape') return this.reshape(operation.inputs[0], operation);
    if (operation.op === 'BatchMatMulV2' && isOneProduct(operation.outputs[0].shape)) return this.matrixProduct(operation);
    return this.add(operation);
  }

  /** Reshapes of reshapes are one reshape, and none at all when the shape stays. */
  private reshape(source: Ref, operation: Operation): Ref {
    let from = source;
    while ('node' in from && this.result.operations[from.node].op === 'Reshape') from = this.result.operations[from.node].inputs[0];
    const { shape } = operation.outputs[0];
    if (String(signatureOf(this.result, from).shape) === String(shape)) return from;
    const target = this.constant({ dtype: 'int32', shape: [shape.length], values: Int32Array.from(shape) });
    return this.add({ ...operation, inputs: [from, target] });
  }

  /** A batch of one product is a plain product between two reshapes, which mostly cancel with their neighbours. */
  private matrixProduct(operation: Operation): Ref {
    const flatten = (ref: Ref): Ref => {
      const { dtype, shape } = signatureOf(this.result, ref);
      return this.reshape(ref, reshapeTo(shape.slice(-2), dtype));
    };
    const { dtype, shape } = operation.outputs[0];
    const flag = (name: string): boolean => operation.attributes.some((a) => a.name === name && a.value === true);
    const product = this.add({
      op: 'MatMul', inputs: operation.inputs.map(flatten), outputs: [{ dtype, shape: shape.slice(-2) }],
      attributes: [
        operation.attributes.find(({ name }) => name === 'T')!,
        { name: 'transpose_a', type: 'bool', value: flag('adj_x') },
        { name: 'transpose_b', type: 'bool', value: flag('adj_y') },
      ],
    });
    return this.reshape(product, reshapeTo(shape, dtype));
  }

  private add(operation: Operation): Ref {
    const key = JSON.stringify([operation.op, operation.attributes, operation.inputs.map(refKey)]);
    const found = this.seen.get(key);
    const node = found ?? this.result.operations.push(operation) - 1;
    this.seen.set(key, node);
    return { node, output: 0 };
  }
}

/** Whether a product's shape is that of one matrix, or of a batch of one. */
const isOneProduct = (shape: number[]): boolean => shape.length === 2 || (shape.length === 3 && shape[0] === 1);

/** Tells -0 from 0, which a plain conversion does not. */
const text = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

const reshapeTo = (shape: number[], dtype: Operation['outputs'][0]['dtype']): Operation => ({
  op: 'Reshape', inputs: [], outputs: [{ dtype, shape }],
  attributes: [{ name: 'T', type: 'type', value: dtype === 'float32' ? 1 : 3 }, { name: 'Tshape', type: 'type', value: 3 }],
});

/** Keeps the operations and constants that an output depends on, in their order. */
function withoutDeadCode(program: Program): Program {
  const alive = new Set<number>();
  const visit = (ref: Ref): void => {
    if (!('node' in ref) || alive.has(ref.node)) return;
    alive.add(ref.node);
    program.operations[ref.node].inputs.forEach(visit);
  };
  Object.values(program.outputs).forEach(visit);
  const order = [...alive].sort((a, b) => a - b);
  const newNode = new Map(order.map((node, at) => [node, at]));
  const newConstant = new Map<number, number>();
  const constants: Constant[] = [];
  const move = (ref: Ref): Ref => {
    if ('node' in ref) return { node: newNode.get(ref.node)!, output: ref.output };
    if ('input' in ref) return ref;
    if (!newConstant.has(ref.constant)) newConstant.set(ref.constant, constants.push(program.constants[ref.constant]) - 1);
    return { constant: newConstant.get(ref.constant)! };
  };
  const operations = order.map((node) => ({ ...program.operations[node], inputs: program.operations[node].inputs.map(move) }));
  const outputs = Object.fromEntries(Object.entries(program.outputs).map(([name, ref]) => [name, move(ref)]));
  return { inputs: program.inputs, constants, operations, outputs };
}
