// A tally as JSON: arrays of numbers as base64 of little-endian bytes.
import type { KeyTableParts } from "./sketch/key-table.ts";
import type { TallyParts } from "./tally.ts";

interface EncodedTable {
  readonly level: number;
  readonly keys: string;
  readonly counts: string;
}

export interface EncodedParts extends Omit<TallyParts, "scripts" | "sizes" | "rows" | "near" | "overlap"> {
  readonly scripts: string;
  readonly sizes: string;
  readonly rows: EncodedTable;
  readonly near: EncodedTable;
}

export function encodeParts({ overlap: _, ...parts }: TallyParts): EncodedParts {
  return {
    ...parts,
    scripts: base64(parts.scripts),
    sizes: base64(parts.sizes),
    rows: encodeTable(parts.rows),
    near: encodeTable(parts.near),
  };
}

/** The opposite of `encodeParts`. Test sets are not part of a plan. */
export function decodeParts(encoded: EncodedParts): TallyParts {
  return {
    ...encoded,
    scripts: floats(encoded.scripts),
    sizes: floats(encoded.sizes),
    rows: decodeTable(encoded.rows),
    near: whole(decodeTable(encoded.near)),
    overlap: null,
  };
}

function encodeTable({ level, keys, counts }: KeyTableParts): EncodedTable {
  return { level, keys: base64(keys), counts: base64(counts instanceof Uint32Array ? new Float64Array(counts) : counts) };
}

function decodeTable({ level, keys, counts }: EncodedTable): KeyTableParts {
  const bytes = Buffer.from(keys, "base64");
  return { level, keys: new Uint32Array(new Uint8Array(bytes).buffer), counts: floats(counts) };
}

/** Near duplicates are told by numbers of 32 bits. */
function whole({ counts, ...rest }: KeyTableParts): KeyTableParts {
  return { ...rest, counts: new Uint32Array(counts) };
}

function base64(numbers: Uint32Array | Float64Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString("base64");
}

function floats(text: string): Float64Array {
  return new Float64Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
}
