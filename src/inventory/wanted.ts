// Which files are read whole, in which order, and how much of them: the budget of an inventory.
import type { Role } from "../core/inventory.ts";
import type { SourceEntry, SourceKind } from "../core/source.ts";
import { compareText } from "../core/text.ts";

/** A document longer than this is data in disguise; the longest cards seen have a tenth. */
export const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
/** Configs are pages; tokenizer tables beside them are not needed. */
const MAX_CONFIG_BYTES = 512 * 1024;
/** Enough for the imports and the loop of any training script seen. */
const MAX_CODE_BYTES = 128 * 1024;
/** Documents read per source: a documentation site beyond this adds no fact about the release. */
export const MAX_DOCUMENTS = 1_500;
export const MAX_CONFIGS = 300;
export const MAX_CODE_FILES = 400;
/** Decoded text kept in memory per source. */
export const MAX_TOTAL_BYTES = 96 * 1024 * 1024;

export interface Wanted {
  readonly entry: SourceEntry;
  readonly roles: readonly Role[];
  /** primary: no verdict without it. secondary: read when it can be had. code: helps to classify. */
  readonly need: "primary" | "secondary" | "code";
  readonly maxBytes: number;
}

const PRIMARY: readonly Role[] = ["host-record", "license", "policy", "model-card", "data-card", "readme"];
/** Folders deep down hold documents about details; only those near the root must be had. */
const PRIMARY_DEPTH = 1;

/** What to read, most needed first. Entries that no rule wants are left out. */
export function chooseWanted(
  candidates: readonly { readonly entry: SourceEntry; readonly roles: readonly Role[] }[],
  kind: SourceKind,
): readonly Wanted[] {
  // The whole source is one record of somebody's judgement.
  const isRecord = kind === "mot" || kind === "osaii";
  const wanted: Wanted[] = [];
  for (const { entry, roles } of candidates) {
    const need = isRecord ? "primary" : needOf(entry.path, roles);
    if (need !== null) wanted.push({ entry, roles, need, maxBytes: limitOf(roles, need) });
  }
  const rank = { primary: 0, secondary: 1, code: 2 };
  return wanted.sort(
    (a, b) => rank[a.need] - rank[b.need] || depthOf(a.entry.path) - depthOf(b.entry.path) || compareText(a.entry.path, b.entry.path),
  );
}

function needOf(path: string, roles: readonly Role[]): Wanted["need"] | null {
  if (roles.includes("paper") || /\.pdf$/iu.test(path)) return null;
  if (roles.includes("package-metadata")) return "secondary";
  if (roles.some((role) => PRIMARY.includes(role))) return isPrimary(path, roles) ? "primary" : "secondary";
  if (roles.some((role) => role === "document" || role === "config" || role === "weights-index")) return "secondary";
  if (/(?:^|\/)\.gitmodules$/u.test(path)) return "secondary";
  if (roles.includes("evaluation-results") && /\.md$/iu.test(path)) return "secondary";
  return roles.includes("code") ? "code" : null;
}

function isPrimary(path: string, roles: readonly Role[]): boolean {
  return roles.includes("license") || roles.includes("host-record") || depthOf(path) <= PRIMARY_DEPTH;
}

function limitOf(roles: readonly Role[], need: Wanted["need"]): number {
  if (need === "code") return MAX_CODE_BYTES;
  return roles.includes("config") || roles.includes("weights-index") ? MAX_CONFIG_BYTES : MAX_DOCUMENT_BYTES;
}

function depthOf(path: string): number {
  let depth = 0;
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) depth += 1;
  return depth;
}
