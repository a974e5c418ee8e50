// Groups as libraries before 1.8 write them, and most still do: a tree of symbol tables, names in a heap
// (HDF5 File Format Specification 3.0, III.A.1, III.B, III.C, III.D).
import { AjarError } from "../../core/errors.ts";
import { ByteCursor } from "../byte-reader.ts";
import { expectMark, type Hdf5Bytes, uintOf } from "./bytes.ts";
import type { Link } from "./link.ts";

/** Deeper trees hold more names than there are. */
const MAX_LEVELS = 16;
/** Names of one group; all its links together. */
const MAX_HEAP_BYTES = 32 * 1024 * 1024;
const MAX_NODES = 100_000;
const MAX_NAME_BYTES = 64 * 1024;
const SOFT_LINK = 2;

/** Names of a group, one behind the other, each ended by NUL. */
export class LocalHeap {
  readonly #data: Uint8Array;
  readonly #offset: number;

  private constructor(data: Uint8Array, offset: number) {
    this.#data = data;
    this.#offset = offset;
  }

  static async open(bytes: Hdf5Bytes, address: number): Promise<LocalHeap> {
    const head = await bytes.at(address, 8 + 2 * bytes.widths.length + bytes.widths.offset);
    expectMark(head, "HEAP");
    head.skip(4);
    const size = bytes.length(head);
    bytes.length(head);
    const data = bytes.someAddress(head, "heap of names");
    if (size > MAX_HEAP_BYTES) throw new AjarError("OVER_LIMIT", `HDF5 heap of ${size} bytes`, { offset: head.offset });
    const cursor = await bytes.at(data, size);
    return new LocalHeap(cursor.bytes, cursor.offset);
  }

  /** @throws AjarError TRUNCATED */
  text(at: number): string {
    const end = at > this.#data.length ? -1 : this.#data.indexOf(0, at);
    if (end === -1 || end - at > MAX_NAME_BYTES) {
      throw new AjarError("TRUNCATED", `HDF5 name at ${at} of its heap has no end`, { offset: this.#offset });
    }
    return new TextDecoder().decode(this.#data.subarray(at, end));
  }
}

interface Walk {
  readonly bytes: Hdf5Bytes;
  readonly heap: LocalHeap;
  readonly links: Link[];
  readonly maxLinks: number;
  nodes: number;
}

/** Links of a group by its symbol table message. @throws AjarError with a FormatCode */
export async function oldGroupLinks(bytes: Hdf5Bytes, message: ByteCursor, maxLinks: number): Promise<readonly Link[]> {
  const tree = bytes.someAddress(message, "group");
  const heap = await LocalHeap.open(bytes, bytes.someAddress(message, "group"));
  const walk: Walk = { bytes, heap, links: [], maxLinks, nodes: 0 };
  await readNode(walk, tree, MAX_LEVELS);
  return walk.links;
}

/** `above`: the level of the node that leads here; each level below must be one less, so that no circle can form. */
async function readNode(walk: Walk, address: number, above: number): Promise<void> {
  const { bytes } = walk;
  const { offset, length } = bytes.widths;
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES) throw new AjarError("OVER_LIMIT", `HDF5 group of more than ${MAX_NODES} nodes`, { offset: address });
  const head = await bytes.at(address, 8 + 2 * offset);
  expectMark(head, "TREE");
  const type = head.u8();
  const level = head.u8();
  if (type !== 0 || level >= above)
    throw new AjarError("INCONSISTENT", `HDF5 tree of names at ${address} is none`, { offset: head.offset });
  const used = head.u16();
  const body = await bytes.at(address + 8 + 2 * offset, used * (length + offset) + length);
  for (let index = 0; index < used; index += 1) {
    body.skip(length);
    const child = bytes.someAddress(body, "node of a group");
    if (level > 0) await readNode(walk, child, level);
    else await readSymbols(walk, child);
  }
}

async function readSymbols({ bytes, heap, links, maxLinks }: Walk, address: number): Promise<void> {
  const head = await bytes.at(address, 8);
  expectMark(head, "SNOD");
  head.skip(2);
  const count = head.u16();
  const entryBytes = 2 * bytes.widths.offset + 24;
  const body = await bytes.at(address + 8, count * entryBytes);
  for (let index = 0; index < count; index += 1) {
    const entry = new ByteCursor(body.take(entryBytes), body.offset - entryBytes);
    if (links.length >= maxLinks) throw new AjarError("OVER_LIMIT", `HDF5 groups of more than ${maxLinks} links`, { offset: entry.offset });
    links.push(symbol(bytes, heap, entry));
  }
}

function symbol(bytes: Hdf5Bytes, heap: LocalHeap, entry: ByteCursor): Link {
  const name = heap.text(uintOf(entry, bytes.widths.offset));
  const target = bytes.address(entry);
  const cache = entry.u32();
  entry.skip(4);
  if (cache === SOFT_LINK) return { name, kind: "soft", target: heap.text(entry.u32()) };
  if (target === null) throw new AjarError("INCONSISTENT", "HDF5 link has no address", { offset: entry.offset });
  return { name, kind: "hard", address: target };
}
