// The files of a plan and of its parts, as they come back from wherever they were.
import { isNumber, isText, isWhole, listOf, mappingOf, oneOf, orNull, upTo } from "../../dataset/form.ts";
import { isEncodedParts } from "../../dataset/parts-file.ts";
import type { ShardPart, ShardPlan } from "./shards.ts";

/** Shards of one plan; at 256 MiB each, 256 TiB. */
const MAX_SHARDS = 1_000_000;

const isRows = oneOf("sample", "full");
const isBytes = mappingOf({ kind: oneOf("bytes"), start: isWhole, end: isWhole });
const isGroups = mappingOf({ kind: oneOf("groups"), groups: listOf(isWhole), start: isWhole, end: isWhole });
const isStream = mappingOf({ kind: oneOf("stream"), limit: orNull(isWhole) });
const isPlanned = mappingOf({
  source: isText,
  path: isText,
  sizeBytes: isWhole,
  digest: isText,
  share: (value) => isBytes(value) || isGroups(value) || isStream(value),
});
const hasPlan = mappingOf({
  format: oneOf("ajar-data-plan/1"),
  rows: isRows,
  references: listOf(isText),
  rules: listOf(isText),
  shards: listOf(listOf(isPlanned)),
});
const isOutcome = mappingOf({
  source: isText,
  name: isText,
  entry: mappingOf({ path: isText, sizeBytes: isWhole, digest: isText, kind: mappingOf({ format: isText, packing: orNull(isText) }) }),
  basis: oneOf("whole", "blocks", "beginning", "none"),
  encoding: isText,
  announcedRows: orNull(isNumber),
  problem: orNull(mappingOf({ code: isText, detail: isText })),
});
const hasPart = mappingOf({
  format: oneOf("ajar-data-part/2"),
  plan: isText,
  index: upTo(MAX_SHARDS - 1),
  of: upTo(MAX_SHARDS),
  rows: isRows,
  outcomes: listOf(isOutcome),
  tally: isEncodedParts,
});

export function isShardPlan(value: unknown): value is ShardPlan {
  return hasPlan(value) && (value as ShardPlan).shards.length <= MAX_SHARDS;
}

export function isShardPart(value: unknown): value is ShardPart {
  return hasPart(value) && (value as ShardPart).index < (value as ShardPart).of;
}
