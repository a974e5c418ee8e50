// Version 2 B-trees (HDF5 File Format Specification 3.0, III.A.2): only their records, in order.
import { AjarError } from "../../core/errors.ts";
import { ByteCursor } from "../byte-reader.ts";
import { expectMark, expectVersion, type Hdf5Bytes, uintOf } from "./bytes.ts";

interface Tree {
  readonly bytes: Hdf5Bytes;
  readonly nodeBytes: number;
  readonly recordBytes: number;
  readonly records: ByteCursor[];
  readonly maxRecords: number;
  /** Bytes that hold the number of records of a node, and of all nodes below, by its depth. */
  readonly countBytes: number;
  readonly totalBytes: readonly number[];
}

const MAX_DEPTH = 16;
const MAX_NODE_BYTES = 1024 * 1024;
/** Mark, version, type and checksum of a node. */
const NODE_OVERHEAD = 10;

function bytesFor(count: number): number {
  return Math.max(1, Math.ceil(Math.log2(count + 1) / 8));
}

/** Every record of a tree. @throws AjarError with a FormatCode */
export async function treeRecords(bytes: Hdf5Bytes, address: number, maxRecords: number): Promise<readonly ByteCursor[]> {
  const head = await bytes.at(address, 16 + bytes.widths.offset + 2 + bytes.widths.length);
  expectMark(head, "BTHD");
  expectVersion(head, "tree", [0]);
  head.skip(1);
  const nodeBytes = head.u32();
  const recordBytes = head.u16();
  const depth = head.u16();
  head.skip(2);
  const root = bytes.address(head);
  const count = head.u16();
  if (root === null) return [];
  if (depth > MAX_DEPTH || nodeBytes > MAX_NODE_BYTES || nodeBytes <= NODE_OVERHEAD || recordBytes === 0) {
    throw new AjarError("OVER_LIMIT", `HDF5 tree at ${address} is broken or over the limits`, { offset: head.offset });
  }
  const tree = { bytes, nodeBytes, recordBytes, records: [], maxRecords, ...countWidths(bytes, nodeBytes, recordBytes, depth) };
  await readNode(tree, root, count, depth);
  return tree.records;
}

/** How wide counts are written follows from how many records could be below (III.A.2, "Internal Node"). */
function countWidths(bytes: Hdf5Bytes, nodeBytes: number, recordBytes: number, depth: number): Pick<Tree, "countBytes" | "totalBytes"> {
  const leaf = Math.floor((nodeBytes - NODE_OVERHEAD) / recordBytes);
  const countBytes = bytesFor(leaf);
  const totalBytes = [0];
  let below = leaf;
  for (let level = 1; level <= depth; level += 1) {
    const pointer = bytes.widths.offset + countBytes + (totalBytes[level - 1] ?? 0);
    const own = Math.max(0, Math.floor((nodeBytes - NODE_OVERHEAD - pointer) / (recordBytes + pointer)));
    below = (own + 1) * below + own;
    totalBytes.push(bytesFor(below));
  }
  return { countBytes, totalBytes };
}

async function readNode(tree: Tree, address: number, count: number, depth: number): Promise<void> {
  const { bytes, nodeBytes, recordBytes, records, maxRecords } = tree;
  const node = await bytes.upTo(address, nodeBytes);
  expectMark(node, depth === 0 ? "BTLF" : "BTIN");
  node.skip(2);
  if (records.length + count > maxRecords)
    throw new AjarError("OVER_LIMIT", `HDF5 tree of more than ${maxRecords} records`, { offset: address });
  for (let index = 0; index < count; index += 1) {
    const offset = node.offset;
    records.push(new ByteCursor(node.take(recordBytes), offset));
  }
  if (depth === 0) return;
  // The totals of children that are leaves are not written.
  const totalBytes = depth > 1 ? (tree.totalBytes[depth - 1] ?? 0) : 0;
  for (let index = 0; index <= count; index += 1) {
    const child = bytes.someAddress(node, "node of a tree");
    const childCount = uintOf(node, tree.countBytes);
    node.skip(totalBytes);
    await readNode(tree, child, childCount, depth - 1);
  }
}
