// mot: and osaii: files -> judgement facts. Somebody's word, with the line where it stands; never an observation.
import { type Evidence, evidence, quoteOf } from "../core/evidence.ts";
import type { JudgementFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { Detector, DetectorContext } from "./detector.ts";

const ID = "judgements";
const VERSION = 1;

interface Lines {
  readonly start: number;
  readonly end: number;
}

export const detector: Detector = {
  id: ID,
  version: VERSION,
  detect: async (context) => {
    const { kind } = context.source;
    if (kind !== "mot" && kind !== "osaii") return { facts: [], findings: [] };
    const facts: JudgementFact[] = [];
    for (const artifact of context.source.artifacts) {
      const text = artifact.text ?? (await readText(context, artifact));
      facts.push(...(kind === "mot" ? await motFacts(context, artifact, text) : await osaiiFacts(context, artifact, text)));
    }
    return { facts, findings: [] };
  },
};

async function readText(context: DetectorContext, artifact: Artifact): Promise<string> {
  return new TextDecoder().decode(await context.read(artifact.path, { start: 0, length: artifact.sizeBytes ?? 0 }));
}

async function motFacts(context: DetectorContext, artifact: Artifact, text: string): Promise<readonly JudgementFact[]> {
  // Loaded late: the YAML parser is for these files alone.
  const { parseMotFile } = await import("../documents/mot-record.ts");
  const { release, global, components, unsettled } = parseMotFile(text, artifact.path);
  const at = placeIn(context, artifact, text);
  return [
    fact("mof", "release", release.name, at(release.lines)),
    ...global.map((entry) => fact("mof", `release.license.${entry.name}`, entry.license, at(entry.lines))),
    ...components.map((entry) => fact("mof", entry.name, entry.license, at(entry.lines))),
    ...unsettled.map((entry) => fact("mof", "release.unknown", entry.name, at(entry.lines))),
  ];
}

async function osaiiFacts(context: DetectorContext, artifact: Artifact, text: string): Promise<readonly JudgementFact[]> {
  const { parseOsaiiFile } = await import("../documents/osaii-record.ts");
  const { layout, system, systemLines, entries, unsettled } = parseOsaiiFile(text, artifact.path);
  const at = placeIn(context, artifact, text);
  return [
    fact("osaii-2026", "system", system, at(systemLines)),
    fact("osaii-2026", "layout", layout, at(systemLines)),
    ...entries.map((entry) => fact("osaii-2026", entry.field, entry.grade, at(entry.lines))),
    ...unsettled.map(({ field, low, high, lines }) => fact("osaii-2026", `range.${field}`, `${low} ${high}`, at(lines))),
  ];
}

function fact(standard: JudgementFact["standard"], subject: string, value: string | null, seen: Evidence): JudgementFact {
  return { kind: "judgement", standard, subject, value, evidence: [seen], detector: `${ID}@${VERSION}` };
}

function placeIn(context: DetectorContext, artifact: Artifact, text: string): (lines: Lines) => Evidence {
  const all = text.split("\n");
  const { path, digest } = artifact;
  return ({ start, end }) =>
    evidence({
      source: context.source.ref,
      path,
      digest,
      span: { kind: "lines", start, end },
      quote: quoteOf(all.slice(start - 1, end).join("\n")),
      method: "claim",
    });
}
