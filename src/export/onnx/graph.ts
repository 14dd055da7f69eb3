/** Collects the nodes and constants of an ONNX graph; every method returns the name of the value it makes. */
import { attribute, DOUBLE, FLOAT, INT32, INT64, ML_DOMAIN, UINT16, UINT8, type AttributeValue, type OnnxNode, type OnnxTensor } from './schema.js';

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
    this.nodes.push({ opType, input: inputs, output: [name], attribute: list, ...(domain && { domain }) });
    return name;
  }

  /** float32 constant. */
  floats(name: string, dims: number[], data: Float32Array): string {
    return this.constant(name, FLOAT, dims, data);
  }

  /** Constant of doubles of one dimension. */
  doubles(name: string, values: number[]): string {
    return this.constant(name, DOUBLE, [values.length], Float64Array.from(values));
  }

  /** int64 constant, of one dimension if not said otherwise. */
  integers(name: string, values: number[], dims = [values.length]): string {
    return this.constant(name, INT64, dims, BigInt64Array.from(values, BigInt));
  }

  /** int32 constant of one dimension. */
  int32(name: string, values: number[]): string {
    return this.constant(name, INT32, [values.length], Int32Array.from(values));
  }

  /** Constant of one dimension in the smallest unsigned type that holds all values. */
  counts(name: string, values: number[]): string {
    const most = values.reduce((a, b) => Math.max(a, b), 0);
    if (most < 2 ** 8) return this.constant(name, UINT8, [values.length], Uint8Array.from(values));
    if (most < 2 ** 16) return this.constant(name, UINT16, [values.length], Uint16Array.from(values));
    return this.int32(name, values);
  }

  private constant(name: string, dataType: number, dims: number[], data: Exclude<ArrayBufferView, DataView>): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.constants.push({ name, dataType, dims, rawData });
    return name;
  }
}
