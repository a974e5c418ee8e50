import { type Evidence, type EvidenceMethod, evidence, quoteOf } from "../../core/evidence.ts";
import type { Artifact } from "../../core/inventory.ts";
import type { DetectorContext } from "../detector.ts";
import type { Passage } from "./passages.ts";

/** Evidence for lines of a text artifact. */
export function linesEvidence(
  context: DetectorContext,
  artifact: Artifact,
  lines: { readonly start: number; readonly end: number },
  quote: string,
  method: EvidenceMethod = "text",
): Evidence {
  return evidence({
    source: context.source.ref,
    path: artifact.path,
    digest: artifact.digest,
    span: { kind: "lines", start: lines.start, end: lines.end },
    quote: quoteOf(quote),
    method,
  });
}

/** Evidence for a passage, quoting it whole. */
export function passageEvidence(context: DetectorContext, passage: Passage): Evidence {
  return linesEvidence(context, passage.artifact, { start: passage.startLine, end: passage.endLine }, passage.text);
}

/** Evidence for a value in a structured file, by JSON pointer. */
export function pointerEvidence(
  context: DetectorContext,
  artifact: Artifact,
  pointer: string,
  quote: string,
  method: EvidenceMethod = "config",
): Evidence {
  const { path, digest } = artifact;
  return evidence({ source: context.source.ref, path, digest, span: { kind: "pointer", pointer }, quote: quoteOf(quote), method });
}

/** `<detector>@<version>`, as facts carry it. */
export function detectorName(detector: { readonly id: string; readonly version: number }): string {
  return `${detector.id}@${detector.version}`;
}
