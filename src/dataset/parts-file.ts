// A tally as JSON: arrays of numbers as base64 of little-endian bytes.
import { base64Of, type Check, isNumber, isText, isWhole, isYesOrNo, listOf, mappingOf, oneOf, orNull, tupleOf, upTo } from "./form.ts";
import { NEAR_COUNTERS } from "./near/near-table.ts";
import { BROKEN_CODES } from "./row.ts";
import { KEY_WORDS, type KeyTableParts } from "./sketch/key-table.ts";
import { SPLITS, type TallyParts } from "./tally.ts";

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

const isRuleCount = mappingOf({ rows: isNumber, hits: isNumber, checked: isNumber, squares: isNumber, products: isNumber });
const PLACE = { file: isText, segment: isWhole, index: isWhole, rank: isNumber };
/** Bits of a hash. */
const isLevel = upTo(128);
const isFrequent = mappingOf({ level: isLevel, words: listOf(tupleOf(isLevel, isText, isNumber)) });
const isSample = mappingOf({
  ...PLACE,
  field: isText,
  start: isWhole,
  end: isWhole,
  checked: isYesOrNo,
  shown: isText,
  tag: orNull(isText),
});
const isFile = mappingOf({
  name: isText,
  rows: isWhole,
  bytes: isWhole,
  units: isWhole,
  blocks: isWhole,
  squares: isNumber,
  segments: listOf(mappingOf({ start: isWhole, end: isWhole, rows: isWhole })),
  broken: listOf(tupleOf(oneOf(...BROKEN_CODES), isWhole, listOf(mappingOf(PLACE)))),
  rules: listOf(tupleOf(isText, isRuleCount)),
  fields: listOf(tupleOf(isText, isWhole)),
  cells: listOf(tupleOf(isText, isWhole)),
  columns: listOf(tupleOf(isText, mappingOf({ shaped: isWhole, passed: isWhole }))),
  only: listOf(tupleOf(isText, isRuleCount)),
});

/** Keys of 128 bits, each with so many numbers of 64. */
function tableOf(counters: number): Check {
  const isShaped = mappingOf({ level: isLevel, keys: base64Of(KEY_WORDS * 4), counts: base64Of(8) });
  return (value) => {
    if (!isShaped(value)) return false;
    const { keys, counts } = value as EncodedTable;
    return (Buffer.byteLength(keys, "base64") / (KEY_WORDS * 4)) * counters * 8 === Buffer.byteLength(counts, "base64");
  };
}

/** What `encodeParts` gives; merged, it counts as it says. */
export const isEncodedParts: Check = mappingOf({
  files: listOf(isFile),
  samples: listOf(tupleOf(isText, listOf(isSample))),
  languages: isFrequent,
  scripts: base64Of(8),
  sizes: base64Of(8),
  tokens: isWhole,
  rows: tableOf(SPLITS.length),
  near: tableOf(NEAR_COUNTERS),
  domains: isFrequent,
  lines: isFrequent,
});
