/** Collects the nodes and constants of an ONNX graph; every method returns the name of the value it makes. */
import { attribute, FLOAT, INT64, ML_DOMAIN, type AttributeValue, type OnnxNode, type OnnxTensor } from './onnx-schema.js';

interface NewNode {
  opType: string;
  name: string;
  inputs: string[];
  attributes: Record<string, AttributeValue>;
  domain?: string;
}

export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[] = [];

  /** One operator with one output called `name`. */
  node(opType: string, name: string, inputs: string[], attributes: Record<string, AttributeValue> = {}): string {
    return this.add({ opType, inputs, name, attributes });
  }

  /** One operator of the set for tables. */
  tableNode(opType: string, name: string, inputs: string[], attributes: Record<string, AttributeValue>): string {
    return this.add({ opType, inputs, name, attributes, domain: ML_DOMAIN });
  }

  private add({ opType, inputs, name, attributes, domain }: NewNode): string {
    const list = Object.entries(attributes).map(([key, value]) => attribute(key, value));
    this.nodes.push({ name: `${name}/${opType}`, opType, input: inputs, output: [name], attribute: list, ...(domain && { domain }) });
    return name;
  }

  /** float32 constant. */
  floats(name: string, dims: number[], data: Float32Array): string {
    return this.constant(name, FLOAT, dims, data);
  }

  /** int64 constant of one dimension. */
  integers(name: string, values: number[]): string {
    return this.constant(name, INT64, [values.length], BigInt64Array.from(values, BigInt));
  }

  private constant(name: string, dataType: number, dims: number[], data: Float32Array | BigInt64Array): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.constants.push({ name, dataType, dims, rawData });
    return name;
  }
}
