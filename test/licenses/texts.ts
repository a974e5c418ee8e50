import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import spdxList from "spdx-license-list/full.js";
import type { LicenseMatch } from "../../src/core/license.ts";
import { compareText } from "../../src/core/text.ts";
import { licenseIndex } from "../../src/licenses/license-index.ts";

const SHARED = fileURLToPath(new URL("../../../shared", import.meta.url));
export const hasShared = existsSync(join(SHARED, "corpus/licences"));

/** Every id of SPDX's list with its text and the id that is answered for it. */
export function spdxTexts(): { id: string; text: string; answer: string }[] {
  const answers = new Map(
    licenseIndex()
      .names()
      .equivalent.flatMap((group) => group.map((id) => [id, group[0] ?? id] as const)),
  );
  return Object.entries(spdxList)
    .map(([id, { licenseText }]) => ({ id, text: licenseText, answer: answers.get(id) ?? id }))
    .sort((a, b) => compareText(a.id, b.id));
}

export function spdxText(id: string): string {
  const entry = spdxList[id];
  if (entry === undefined) throw new Error(`SPDX has no ${id}`);
  return entry.licenseText;
}

/** License texts of the shared corpus by file name without ending; empty where the corpus is absent. */
export function sharedTexts(): { id: string; text: string }[] {
  if (!hasShared) return [];
  const folder = join(SHARED, "corpus/licences");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort(compareText)
    .map((name) => ({ id: name.slice(0, -4), text: readFileSync(join(folder, name), "utf8") }));
}

/** A match in one word, for comparisons: the id, `modified X`, `-> X` or `unknown`. */
export function brief(match: LicenseMatch): string {
  if (match.outcome === "identified") return match.license.id;
  if (match.outcome === "modified") return `modified ${match.base.id}`;
  if (match.outcome === "pointer") return `-> ${match.license?.id ?? match.to}`;
  return "unknown";
}
