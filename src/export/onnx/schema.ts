/** The messages of ONNX that are written here, with the field numbers of the public onnx.proto (IR version 8). */
import protobuf from 'protobufjs/light.js';

type Fields = Record<string, [type: string, id: number, rule?: 'repeated']>;

const MESSAGES: Record<string, Fields> = {
  ModelProto: {
    irVersion: ['int64', 1],
    producerName: ['string', 2],
    producerVersion: ['string', 3],
    docString: ['string', 6],
    graph: ['GraphProto', 7],
    opsetImport: ['OperatorSetIdProto', 8, 'repeated'],
    metadataProps: ['StringStringEntryProto', 14, 'repeated'],
  },
  OperatorSetIdProto: { domain: ['string', 1], version: ['int64', 2] },
  StringStringEntryProto: { key: ['string', 1], value: ['string', 2] },
  GraphProto: {
    node: ['NodeProto', 1, 'repeated'],
    name: ['string', 2],
    initializer: ['TensorProto', 5, 'repeated'],
    input: ['ValueInfoProto', 11, 'repeated'],
    output: ['ValueInfoProto', 12, 'repeated'],
  },
  NodeProto: {
    input: ['string', 1, 'repeated'],
    output: ['string', 2, 'repeated'],
    opType: ['string', 4],
    attribute: ['AttributeProto', 5, 'repeated'],
    domain: ['string', 7],
  },
  AttributeProto: {
    name: ['string', 1],
    i: ['int64', 3],
    ints: ['int64', 8, 'repeated'],
    strings: ['string', 9, 'repeated'],
    type: ['int32', 20],
  },
  TensorProto: {
    dims: ['int64', 1, 'repeated'],
    dataType: ['int32', 2],
    name: ['string', 8],
    rawData: ['bytes', 9],
  },
  ValueInfoProto: { name: ['string', 1], type: ['TypeProto', 2] },
  TypeProto: { tensorType: ['TensorTypeProto', 1] },
  TensorTypeProto: { elemType: ['int32', 1], shape: ['TensorShapeProto', 2] },
  TensorShapeProto: { dim: ['DimensionProto', 1, 'repeated'] },
  DimensionProto: { dimValue: ['int64', 1], dimParam: ['string', 2] },
};

/** TensorProto.DataType and AttributeProto.AttributeType. */
export const FLOAT = 1;
export const UINT8 = 2;
export const UINT16 = 4;
export const INT32 = 6;
export const INT64 = 7;
export const STRING = 8;
export const DOUBLE = 11;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const ATTRIBUTE_STRINGS = 8;

/** Operators for tables stand in a set of their own. */
export const ML_DOMAIN = 'ai.onnx.ml';

export interface OnnxNode {
  opType: string;
  input: string[];
  output: string[];
  attribute: OnnxAttribute[];
  domain?: string;
}

type OnnxAttribute = { name: string; type: number; i?: number; ints?: readonly number[]; strings?: readonly string[] };

/** Numbers are integers. */
export type AttributeValue = number | readonly number[] | readonly string[];

export function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_INT, i: value };
  if (value.every((item) => typeof item === 'number')) return { name, type: ATTRIBUTE_INTS, ints: value };
  return { name, type: ATTRIBUTE_STRINGS, strings: value };
}

export interface OnnxTensor {
  name: string;
  dataType: number;
  dims: number[];
  rawData: Uint8Array;
}

/** A graph's input or output; a name in the shape is a size known only when the model runs. */
export interface OnnxValue {
  name: string;
  shape: (number | string)[];
  /** Float where none is given. */
  elemType?: number;
}

export interface OnnxModel {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  docString: string;
  opsetImport: { domain: string; version: number }[];
  metadataProps: { key: string; value: string }[];
  graph: { name: string; node: OnnxNode[]; initializer: OnnxTensor[]; input: OnnxValue[]; output: OnnxValue[] };
}

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(Object.entries(MESSAGES).map(([message, fields]) => [message, {
    fields: Object.fromEntries(Object.entries(fields).map(([name, [type, id, rule]]) =>
      [name, { type, id, ...(rule && { rule }) }])),
  }])),
});

/** The bytes of an .onnx file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const type = root.lookupType('ModelProto');
  const { graph } = model;
  const wire = { ...model, graph: { ...graph, input: graph.input.map(valueInfo), output: graph.output.map(valueInfo) } };
  // A plain copy: the writer's own buffer may be a Node Buffer over a shared pool.
  return Uint8Array.from(type.encode(wire).finish());
}

/** How many bytes operators and constants add to a file. */
export const graphBytes = (node: OnnxNode[], initializer: OnnxTensor[]): number =>
  root.lookupType('GraphProto').encode({ node, initializer }).finish().length;

const valueInfo = ({ name, shape, elemType = FLOAT }: OnnxValue): object => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: { dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })) },
    },
  },
});
