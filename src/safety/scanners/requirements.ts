// What a release has pip install (RP03): addresses instead of names, other indexes.
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import { FULL } from "../combine.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 1024 * 1024;
const MAX_HITS = 20;
const INDEX = /^\s*(?:-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host)[\s=]\s*(\S+)/u;
const ADDRESS = /(?:^|[\s@])((?:git|hg|svn|bzr)\+[a-z+]+:\/\/\S+|(?:https?|ftp):\/\/\S+)/iu;
/** A name without a version, of one line. */
const UNPINNED = /^\s*([A-Za-z][\w.-]{0,80})(?:\[[^\]]*\])?\s*(?:;.*)?(?:#.*)?$/u;
/** The usual index under its own addresses. */
const USUAL_INDEX = /^https:\/\/(?:pypi\.org|download\.pytorch\.org|pypi\.nvidia\.com)\//u;

export const scanner: Scanner = {
  id: "requirements",
  risk: "may-execute",
  quiet: true,
  claims: ({ path, head }) => /(?:^|[/!])(?:[\w-]*requirements[\w.-]*\.(?:txt|in)|constraints\.txt)$/iu.test(path) && !head.includes(0),
  async scan(reader): Promise<FormatReading> {
    const text = new TextDecoder().decode(await reader.read(0, Math.min(reader.sizeBytes, MAX_BYTES)));
    const hits: SafetyHit[] = [];
    let at = 0;
    for (const line of text.split("\n")) {
      const hit = hits.length < MAX_HITS ? lineHit(line, at) : null;
      if (hit !== null) hits.push(hit);
      at += Buffer.byteLength(line) + 1;
    }
    return { format: "requirements", risk: "may-execute", coverage: FULL, hits, tensors: [], parameters: null, metadata: new Map() };
  },
};

function lineHit(line: string, start: number): SafetyHit | null {
  if (/^\s*(?:#|$)/u.test(line)) return null;
  const place = { start, end: start + Math.max(1, Buffer.byteLength(line)), quote: line.trim() };
  const index = INDEX.exec(line)?.[1];
  if (index !== undefined) {
    return USUAL_INDEX.test(index) ? null : hitOf("RP03", { ...place, variant: "index", args: { address: index }, severity: "high" });
  }
  const address = ADDRESS.exec(line)?.[1];
  if (address !== undefined) return hitOf("RP03", { ...place, variant: "address", args: { address } });
  const name = UNPINNED.exec(line)?.[1];
  return name === undefined ? null : hitOf("RP03", { ...place, variant: "unpinned", args: { name }, severity: "info" });
}
