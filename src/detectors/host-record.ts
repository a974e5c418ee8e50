// What the host says of a repository: gates and tags. The host's word is evidence of access, not of content.
import { evidence, quoteOf } from "../core/evidence.ts";
import type { Fact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import { licenseByName } from "../licenses/records.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { detectorName } from "./support/observe.ts";

export const detector: Detector = {
  id: "host-record",
  version: 1,
  async detect(context) {
    const records = context.source.artifacts.filter(({ path, text }) => path.startsWith("@host/") && text !== null);
    return { facts: records.flatMap((record) => factsOf(context, record)), findings: [] };
  },
};

function factsOf(context: DetectorContext, artifact: Artifact): readonly Fact[] {
  const record = parse(artifact.text ?? "");
  const by = detectorName(detector);
  const facts: Fact[] = [];
  const seen = (pointer: string, quote: string): ReturnType<typeof evidence> =>
    evidence({
      source: context.source.ref,
      path: artifact.path,
      digest: artifact.digest,
      span: { kind: "pointer", pointer },
      quote: quoteOf(quote),
      method: "host-record",
    });
  const gated = record.get("gated");
  const isData = record.get("kind") === "dataset" || context.source.kind === "hub-dataset";
  if (gated !== undefined && gated !== false && gated !== null) {
    const piece = seen("/gated", `gated: ${String(gated)}`);
    facts.push({
      kind: "component",
      component: isData ? "training-data" : "weights",
      sighting: "gated",
      place: context.source.ref,
      partial: false,
      reason: "the host asks for terms to be accepted first",
      evidence: [piece],
      detector: by,
    });
    facts.push({ kind: "access", condition: gated === "manual" ? "approval" : "form", evidence: [piece], detector: by });
  }
  const license = record.get("license");
  if (typeof license === "string" && license !== "") {
    facts.push({
      kind: "license",
      statement: "metadata",
      license: licenseByName(license),
      stated: license,
      covers: isData ? ["data", "documents"] : ["weights"],
      components: [],
      folder: "",
      thirdParty: false,
      evidence: [seen("/license", `license: ${license}`)],
      detector: by,
    });
  }
  return facts;
}

function parse(text: string): ReadonlyMap<string, unknown> {
  try {
    const data: unknown = JSON.parse(text);
    return new Map(typeof data === "object" && data !== null ? Object.entries(data) : []);
  } catch {
    return new Map();
  }
}
