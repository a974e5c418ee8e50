// The license texts, notices and use policies of an audited release, byte for byte: its sources are opened anew for them.
import { createHash } from "node:crypto";
import { AjarError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import type { Source, SourceContext, SourceEntry } from "../core/source.ts";
import type { FoundText } from "../core/use.ts";
import { rolesByPath } from "../inventory/roles.ts";
import { openSource } from "../sources/open.ts";
import { providers } from "./providers.generated.ts";

/** Texts of one bundle; a release with more is a collection of packages. */
const MAX_TEXTS = 500;
/** Bytes of one text; the longest licenses have a tenth of it. */
const MAX_BYTES = 1024 ** 2;

export interface Texts {
  readonly found: readonly FoundText[];
  /** Files that should have been among them, each with the reason. */
  readonly unread: readonly { readonly source: string; readonly path: string; readonly reason: string }[];
}

/**
 * Reads them from the sources of a report, and from the parents that were given with it.
 * @throws AjarError DIGEST_MISMATCH when a text is not the one that was audited; whatever opening a source throws
 */
export async function readTexts(report: Report, context: SourceContext): Promise<Texts> {
  const given = report.chain.nodes.flatMap(({ resolution, source }) => (resolution === "target" && source !== undefined ? [source] : []));
  const references = [...new Set([...report.target.sources.map(({ ref }) => ref), ...given])];
  const found: FoundText[] = [];
  const unread: Texts["unread"][number][] = [];
  for (const reference of references) {
    const source = await openSource(reference, context, providers);
    try {
      for (const entry of await wantedOf(source, context)) {
        const reason = found.length < MAX_TEXTS ? problemOf(entry) : `more than ${MAX_TEXTS} texts`;
        if (reason === null) found.push(await textOf(source, entry, reference, report));
        else unread.push({ source: reference, path: entry.path, reason });
      }
    } finally {
      await source.close();
    }
  }
  return { found, unread };
}

async function wantedOf(source: Source, { signal }: SourceContext): Promise<readonly SourceEntry[]> {
  const wanted: SourceEntry[] = [];
  for await (const entry of source.list()) {
    signal.throwIfAborted();
    const roles = rolesByPath(entry.path);
    if (!entry.path.startsWith("@host/") && (roles.includes("license") || roles.includes("policy"))) wanted.push(entry);
  }
  return wanted;
}

function problemOf({ content, sizeBytes }: SourceEntry): string | null {
  if (content !== "readable") return content;
  return sizeBytes !== null && sizeBytes > MAX_BYTES ? `over ${MAX_BYTES} bytes` : null;
}

async function textOf(source: Source, { path }: SourceEntry, reference: string, report: Report): Promise<FoundText> {
  const bytes = await source.read(path, { start: 0, length: MAX_BYTES });
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const audited = report.evidence.find((piece) => piece.source === reference && piece.path === path && piece.digest.startsWith("sha256:"));
  if (audited !== undefined && audited.digest !== digest) {
    throw new AjarError("DIGEST_MISMATCH", "is not the file that was audited", { subject: path, hint: "Audit the release again." });
  }
  return { source: reference, path, digest, bytes };
}
