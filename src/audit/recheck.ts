// Is each piece of a report's evidence still where it was, unchanged? Sources are opened anew; nothing is judged.
import { AjarError } from "../core/errors.ts";
import { type Evidence, quoteOf } from "../core/evidence.ts";
import type { Artifact, SourceInventory } from "../core/inventory.ts";
import type { Report } from "../core/report.ts";
import type { SourceContext } from "../core/source.ts";
import { takeInventory } from "../inventory/take.ts";
import { openSource } from "../sources/open.ts";
import { providers } from "./providers.generated.ts";

type EvidenceState =
  /** The same bytes. */
  | "unchanged"
  /** The file changed, the quoted words are still in it. */
  | "kept"
  /** The file changed and the words are gone, or it had none to look for. */
  | "changed"
  /** No such file any more. */
  | "gone"
  /** It rests on a search of the whole listing, and the listing is another one. */
  | "search-again"
  /** The file or its source could not be had, or what is known of it now cannot be compared. */
  | "unknown";

interface Rechecked {
  readonly evidence: Evidence;
  readonly state: EvidenceState;
}

export interface Recheck {
  readonly items: readonly Rechecked[];
  /** Sources that could not be opened or listed, with the reason. */
  readonly unreachable: readonly { readonly ref: string; readonly code: string; readonly message: string }[];
}

/** Compares every piece of evidence with its source as it is now; pinned sources are opened at their revision. */
export async function recheck(report: Report, context: SourceContext): Promise<Recheck> {
  const items: Rechecked[] = [];
  const unreachable: Recheck["unreachable"][number][] = [];
  for (const { ref } of report.target.sources) {
    const evidence = report.evidence.filter(({ source }) => source === ref);
    try {
      const inventory = await inventoryOf(ref, context);
      const byPath = new Map(inventory.artifacts.map((artifact) => [artifact.path, artifact]));
      items.push(...evidence.map((piece) => ({ evidence: piece, state: stateOf(piece, inventory, byPath) })));
    } catch (failure) {
      if (!(failure instanceof AjarError)) throw failure;
      unreachable.push({ ref, code: failure.code, message: failure.message });
      items.push(...evidence.map((piece) => ({ evidence: piece, state: "unknown" as const })));
    }
  }
  return { items, unreachable };
}

async function inventoryOf(ref: string, context: SourceContext): Promise<SourceInventory> {
  const source = await openSource(ref, context, providers);
  try {
    return await takeInventory(source, "all", { progress: context.progress, signal: context.signal });
  } finally {
    await source.close();
  }
}

function stateOf(piece: Evidence, inventory: SourceInventory, byPath: ReadonlyMap<string, Artifact>): EvidenceState {
  if (piece.path === "") return piece.digest.replace(/^listing:/u, "sha256:") === inventory.digest ? "unchanged" : "search-again";
  const artifact = byPath.get(piece.path);
  if (artifact === undefined) return inventory.listingComplete ? "gone" : "unknown";
  if (artifact.digest === piece.digest) return "unchanged";
  const isComparable = algorithmOf(artifact.digest) === algorithmOf(piece.digest);
  if (piece.quote === undefined || artifact.text === null) return isComparable ? "changed" : "unknown";
  return holds(artifact.text, piece.quote) ? "kept" : "changed";
}

function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(":"));
}

/** Quotes are folded to single spaces and cut, so the text is folded the same way. */
function holds(text: string, quote: string): boolean {
  const folded = text.replace(/\s+/gu, " ");
  const words = quote.endsWith("…") ? quote.slice(0, -1) : quote;
  return folded.includes(words) || quoteOf(folded) === quote;
}
