/** A step that a compiler fuses: few passes over memory in place of one for every operation. */
import { argument, functionMessage, outputOf, programNodes, TYPE_NUMBER } from './emit.js';
import type { FunctionMessage, NodeMessage } from './graph-schema.js';
import { signatureOf, type Program } from './program.js';

/**
 * The program as a function of its own that XLA compiles (`_XlaMustCompile` on the function and on its call), and the node
 * that calls it. `read` says how each of the program's inputs is read where the call stands.
 */
export function fusedNodes(
  program: Program, read: Record<string, string>,
): { nodes: NodeMessage[]; outputs: Record<string, string>; functions: FunctionMessage[] } {
  const inputs = Object.entries(program.inputs).map(([name, signature]) => ({ name, signature }));
  const names = Object.keys(program.outputs);
  const within = programNodes(program, Object.fromEntries(inputs.map(({ name }) => [name, name])));
  const results = names.map((name) => ({
    name: `${name}_out`, type: TYPE_NUMBER[signatureOf(program, program.outputs[name]).dtype], value: within.outputs[name],
  }));
  const compiled = { _XlaMustCompile: { b: true } };
  const call: NodeMessage = {
    name: 'step', op: 'PartitionedCall', input: inputs.map(({ name }) => read[name]),
    attr: {
      Tin: { list: { type: inputs.map(({ signature: { dtype } }) => TYPE_NUMBER[dtype]) } },
      Tout: { list: { type: results.map(({ type }) => type) } },
      f: { func: { name: 'fused_step' } }, ...compiled,
    },
  };
  return {
    nodes: [call],
    outputs: Object.fromEntries(names.map((name, at) => [name, outputOf('step', 'PartitionedCall', at)])),
    functions: [functionMessage(
      'fused_step', inputs.map(({ name, signature }) => argument(name, signature)), results, within.nodes, compiled,
    )],
  };
}
