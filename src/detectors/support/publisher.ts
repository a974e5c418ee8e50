// Who publishes what is audited, as far as its reference tells, and whether an address belongs to them.
import type { SourceInventory } from "../../core/inventory.ts";
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

/** Owner named by a reference such as `hf:owner/name`, a repository address or `owner__name`; null when it names none. */
export function ownerOf(context: DetectorContext): string | null {
  const ref = context.source.ref.replace(/[@#?].*$/u, "").replace(/\.git$/u, "");
  const last = ref.split(/[/\\]/u).at(-1) ?? "";
  const recorded = /^([\w.-]+?)__[\w.-]+$/u.exec(last);
  if (recorded !== null) return recorded[1] ?? null;
  const named = /^(?:hf:(?:datasets\/)?|https?:\/\/[^/]+\/|git@[^:]+:)([\w.-]+)\/[\w.-]+$/u.exec(ref);
  return named?.[1] ?? null;
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
