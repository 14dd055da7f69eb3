/** The few protocol-buffer messages of TensorFlow's SavedModel format that are written here, by their public field numbers. */
import protobuf from 'protobufjs';

const message = (fields: Record<string, [number, string, 'repeated'?]>, maps: Record<string, [number, string]> = {}): protobuf.IType => ({
  fields: {
    ...Object.fromEntries(Object.entries(fields).map(([name, [id, type, rule]]) => [name, { id, type, ...(rule && { rule }) }])),
    ...Object.fromEntries(Object.entries(maps).map(([name, [id, type]]) => [name, { id, type, keyType: 'string' }])),
  },
});

const root = protobuf.Root.fromJSON({
  nested: {
    Dim: message({ size: [1, 'int64'] }),
    Shape: message({ dim: [2, 'Dim', 'repeated'], unknownRank: [3, 'bool'] }),
    Tensor: message({ dtype: [1, 'int32'], tensorShape: [2, 'Shape'], tensorContent: [4, 'bytes'] }),
    FunctionName: message({ name: [1, 'string'] }, { attr: [2, 'Attribute'] }),
    List: message({ type: [6, 'int32', 'repeated'], shape: [7, 'Shape', 'repeated'] }),
    Attribute: {
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor', 'func'] } },
      ...message({
        list: [1, 'List'], s: [2, 'bytes'], i: [3, 'int64'], f: [4, 'float'], b: [5, 'bool'], type: [6, 'int32'],
        shape: [7, 'Shape'], tensor: [8, 'Tensor'], func: [10, 'FunctionName'],
      }),
    },
    Node: message({ name: [1, 'string'], op: [2, 'string'], input: [3, 'string', 'repeated'] }, { attr: [5, 'Attribute'] }),
    Argument: message({ name: [1, 'string'], type: [3, 'int32'] }),
    Operation: message({ name: [1, 'string'], inputArg: [2, 'Argument', 'repeated'], outputArg: [3, 'Argument', 'repeated'] }),
    Function: message({ signature: [1, 'Operation'], nodeDef: [3, 'Node', 'repeated'] }, { ret: [4, 'string'], attr: [5, 'Attribute'] }),
    Library: message({ function: [1, 'Function', 'repeated'] }),
    Versions: message({ producer: [1, 'int32'] }),
    Graph: message({ node: [1, 'Node', 'repeated'], library: [2, 'Library'], versions: [4, 'Versions'] }),
    TensorInfo: message({ name: [1, 'string'], dtype: [2, 'int32'], tensorShape: [3, 'Shape'] }),
    SignatureDef: message({ methodName: [3, 'string'] }, { inputs: [1, 'TensorInfo'], outputs: [2, 'TensorInfo'] }),
    MetaInfo: message({ tags: [4, 'string', 'repeated'] }),
    MetaGraph: message({ metaInfoDef: [1, 'MetaInfo'], graphDef: [2, 'Graph'] }, { signatureDef: [5, 'SignatureDef'] }),
    SavedModel: message({ schemaVersion: [1, 'int64'], metaGraphs: [2, 'MetaGraph', 'repeated'] }),
  },
});

export interface AttributeMessage {
  list?: { type?: number[]; shape?: ShapeMessage[] };
  s?: Uint8Array;
  i?: number;
  f?: number;
  b?: boolean;
  type?: number;
  shape?: ShapeMessage;
  tensor?: { dtype: number; tensorShape: ShapeMessage; tensorContent: Uint8Array };
  func?: { name: string; attr?: Record<string, AttributeMessage> };
}
export interface ShapeMessage { dim?: { size: number }[]; unknownRank?: boolean }
export interface NodeMessage { name: string; op: string; input: string[]; attr: Record<string, AttributeMessage> }
export interface FunctionMessage {
  signature: { name: string; inputArg: { name: string; type: number }[]; outputArg: { name: string; type: number }[] };
  nodeDef: NodeMessage[];
  ret: Record<string, string>;
  attr?: Record<string, AttributeMessage>;
}
export interface GraphMessage { node: NodeMessage[]; library: { function: FunctionMessage[] }; versions: { producer: number } }

export interface TensorInfoMessage { name: string; dtype: number; tensorShape: ShapeMessage }
export interface SignatureMessage {
  inputs: Record<string, TensorInfoMessage>;
  outputs: Record<string, TensorInfoMessage>;
  methodName: string;
}

/** Wraps a graph as the bytes of saved_model.pb; signatures by name tell others which of its tensors to feed and fetch. */
export function encodeSavedModel(graphDef: GraphMessage, signatureDef: Record<string, SignatureMessage> = {}): Uint8Array {
  const type = root.lookupType('SavedModel');
  const metaGraph = { metaInfoDef: { tags: ['serve'] }, graphDef, signatureDef };
  return type.encode(type.create({ schemaVersion: 1, metaGraphs: [metaGraph] })).finish();
}
