// License texts inside READMEs and cards: some releases have no license file and print the text at the end of the page.
import { evidence, quoteOf } from "../core/evidence.ts";
import type { LicenseFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import { identifyLicenses } from "../licenses/identify.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { licenseRules } from "./support/license-rules.ts";
import { scopesIn } from "./support/license-scope.ts";
import { detectorName } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";

/** Sections of one document that are read as license texts. */
const MAX_SECTIONS = 5;

export const detector: Detector = {
  id: "license-embedded",
  version: 1,
  async detect(context) {
    const documents = artifactsWith(context, ["readme", "model-card", "data-card"]).filter(({ roles }) => !roles.includes("license"));
    return { facts: documents.flatMap((artifact) => factsOf(context, artifact)), findings: [] };
  },
};

interface Section {
  readonly heading: string;
  /** Line of its first line of text, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** What stands around a text in a document is prose, not conditions: each section is read alone, and only a text found as it is counts. */
function factsOf(context: DetectorContext, artifact: Artifact): readonly LicenseFact[] {
  if (!licenseRules().textHint.test(artifact.text ?? "")) return [];
  const sections = sectionsOf(context, artifact).filter(({ text }) => licenseRules().textHint.test(text));
  return sections.slice(0, MAX_SECTIONS).flatMap(({ heading, line, text }) =>
    identifyLicenses(text).flatMap((match): readonly LicenseFact[] => {
      if (match.outcome !== "identified" || match.span.kind !== "lines") return [];
      const span = { kind: "lines", start: match.span.start + line - 1, end: match.span.end + line - 1 } as const;
      const quote = quoteOf(text.split("\n")[match.span.start - 1] ?? "");
      const { path, digest, thirdParty } = artifact;
      const covers = scopesIn(heading);
      return [
        {
          kind: "license",
          statement: "text",
          license: match.license,
          stated: "",
          match: { ...match, span },
          covers,
          said: covers,
          whole: covers.length === 0,
          components: [],
          folder: path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "",
          thirdParty: thirdParty || licenseRules().notUnder.test(heading),
          evidence: [evidence({ source: context.source.ref, path, digest, span, quote, method: "license-match" })],
          detector: detectorName(detector),
        },
      ];
    }),
  );
}

function sectionsOf(context: DetectorContext, artifact: Artifact): readonly Section[] {
  const lines = (artifact.text ?? "").split("\n");
  const headings = context.document(artifact)?.blocks.filter((block) => block.kind === "heading") ?? [];
  const starts = [{ text: "", endLine: 0 }, ...headings.map(({ text, endLine }) => ({ text, endLine }))];
  return starts.map(({ text: heading, endLine }, at) => {
    const end = headings[at]?.startLine ?? lines.length + 1;
    return { heading, line: endLine + 1, text: lines.slice(endLine, end - 1).join("\n") };
  });
}
