// All that data are looked through for.
import { compilePatterns } from "../../patterns/compile.ts";
import type { PatternSet } from "../../patterns/hit.ts";

export function dataPatterns(): PatternSet {
  return compilePatterns();
}
