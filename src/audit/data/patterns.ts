import type { PatternSet } from "../../patterns/hit.ts";

/** No rule is looked for. */
const NONE: PatternSet = { ids: [], longest: 0, find: () => [] };

/** All that data are looked through for. */
export function dataPatterns(): PatternSet {
  return NONE;
}
