// Of hits of one area that overlap, the surer and longer one stays.
import { compareText } from "../core/text.ts";
import type { Hit } from "./hit.ts";
import type { PatternRule } from "./rule.ts";

type Rules = ReadonlyMap<string, PatternRule>;

/** Sorted by start, then pattern. */
export function withoutOverlaps(hits: readonly Hit[], rules: Rules): readonly Hit[] {
  const sorted = [...hits].sort(byPlace);
  /** Last hit kept of each area, by its index in `kept`. */
  const last = new Map<string, number>();
  const kept: (Hit | null)[] = [];
  for (const hit of sorted) {
    const area = rules.get(hit.pattern)?.area ?? "";
    const before = last.get(area);
    const other = before === undefined ? null : (kept[before] ?? null);
    if (before !== undefined && other !== null && other.end > hit.start) {
      if (!isBetter(hit, other, rules)) continue;
      kept[before] = null;
    }
    last.set(area, kept.length);
    kept.push(hit);
  }
  return kept.filter((hit) => hit !== null);
}

function byPlace(a: Hit, b: Hit): number {
  return a.start - b.start || compareText(a.pattern, b.pattern) || a.end - b.end;
}

const LEVELS = { high: 0, medium: 1, low: 2, info: 3 } as const;

/** Checked before shaped, then the longer one, then the graver one; else the earlier one stays. */
function isBetter(hit: Hit, other: Hit, rules: Rules): boolean {
  if (hit.certainty !== other.certainty) return hit.certainty === "checked";
  const longer = hit.end - hit.start - (other.end - other.start);
  if (longer !== 0) return longer > 0;
  const level = (one: Hit): number => LEVELS[rules.get(one.pattern)?.level ?? "info"];
  return level(hit) < level(other);
}
