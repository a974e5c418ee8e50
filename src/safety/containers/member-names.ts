// Names of members, as an extractor would use them (ZP07).
import type { SafetyHit } from "../../core/scan.ts";
import { pathFault } from "../paths.ts";
import { hitOf } from "../rules.ts";

interface Named {
  readonly path: string;
  readonly isSymlink: boolean;
  /** Where a link points, when it is known. */
  readonly target?: string;
  /** Place of what names it, in the container. */
  readonly offset: number;
}

/** Hits for names that leave the folder they are unpacked into, hide something, or fall together on some systems. */
export function nameHits(members: readonly Named[]): readonly SafetyHit[] {
  const hits: SafetyHit[] = [];
  const folded = new Map<string, string>();
  for (const { path, isSymlink, target = "", offset } of members) {
    const place = { start: offset, end: offset + 1, quote: path };
    const fault = pathFault(path);
    if (fault !== null) hits.push(hitOf("ZP07", { ...place, variant: fault, args: { member: path } }));
    if (isSymlink) {
      const severity = target !== "" && pathFault(target) === null ? ({ severity: "low" } as const) : {};
      hits.push(hitOf("ZP07", { ...place, variant: "link", args: { member: path, target }, ...severity }));
    }
    const fold = path.normalize("NFC").toLowerCase();
    const other = folded.get(fold);
    if (other !== undefined && other !== path)
      hits.push(hitOf("ZP07", { ...place, variant: "case", args: { member: path, other }, severity: "medium" }));
    folded.set(fold, path);
  }
  return hits;
}
