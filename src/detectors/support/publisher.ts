// Who publishes what is audited, as far as its reference tells, and whether an address belongs to them.
import type { SourceInventory } from "../../core/inventory.ts";
import { ownerOfReference } from "../../core/owner.ts";
import type { DetectorContext } from "../detector.ts";
import { releaseNames } from "./release-names.ts";

const names = new WeakMap<SourceInventory, ReadonlySet<string>>();

/** Names this release goes by, worked out once per source: they are asked for at every link. */
export function ownNames(context: DetectorContext): ReadonlySet<string> {
  const known = names.get(context.source);
  if (known !== undefined) return known;
  const found = releaseNames(context);
  names.set(context.source, found);
  return found;
}

/** Owner named by the reference of what is audited; null when it names none. */
export function ownerOf(context: DetectorContext): string | null {
  return ownerOfReference(context.source.ref);
}

/** Two spellings of one publisher: `lm-sys` and `lmsys`, `bigscience` and `bigscience-workshop`. */
export function isSameOwner(a: string, b: string): boolean {
  const [first, second] = [plain(a), plain(b)];
  if (first === "" || second === "") return false;
  return first === second || (first.length >= 4 && second.length >= 4 && (first.startsWith(second) || second.startsWith(first)));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Path pieces of an address, host left out. */
export function piecesOf(url: string): readonly string[] {
  const path = /^[a-z]+:\/\/[^/]*\/([^?#]*)/iu.exec(url)?.[1] ?? "";
  return path.split("/").filter((piece) => piece !== "");
}
