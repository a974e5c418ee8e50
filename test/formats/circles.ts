// Files whose parts all point at the same few places, so that a small file names billions of parts.

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const u16s = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16LE(value, index * 2);
  });
  return bytes;
};

/** A TensorFlow Lite model of subgraphs that are one subgraph, whose tensors are one tensor. */
export function tfliteCircles(subgraphs: number, tensors: number): Buffer {
  const vector = (count: number, start: number, target: number): Buffer =>
    Buffer.concat([u32(count), ...Array.from({ length: count }, (_, index) => u32(target - (start + 4 + index * 4)))]);
  // Model: 2 subgraphs. Subgraph: 0 tensors. Tensor: nothing, so that its buffer is the empty one.
  const model = 24;
  const list = model + 8;
  const subgraphLists = list + 4 + subgraphs * 4;
  const subgraph = subgraphLists + 8;
  const tensorList = subgraph + 8;
  const tensorLists = tensorList + 4 + tensors * 4;
  const tensor = tensorLists + 4;
  return Buffer.concat([
    u32(model),
    Buffer.from("TFL3"),
    u16s(10, 8, 0, 0, 4, 0, 0, 0),
    u32(model - 8),
    u32(list - (model + 4)),
    vector(subgraphs, list, subgraph),
    u16s(6, 8, 4, 0),
    u32(subgraph - subgraphLists),
    u32(tensorList - (subgraph + 4)),
    vector(tensors, tensorList, tensor),
    u16s(4, 4),
    u32(tensor - tensorLists),
  ]);
}
