// A record of the European Open Source AI Index in the layout of its database (osai-index.eu/contribute).
import { stringify } from "yaml";
import { AjarError } from "../../core/errors.ts";
import type { CriterionResult, Report } from "../../core/report.ts";
import type { Format } from "../format.ts";
import { Phrases } from "../phrases.ts";
import { recordHeader } from "../record-header.ts";
import { safeText } from "../safe-text.ts";

const PREFIX = "osaii-2026/";

export const format: Format = { id: "osaii-yaml", extensions: [".osaii.yaml", ".osaii.yml"], render };

function render(report: Report): string {
  const verdict = report.verdicts.find(({ standard }) => standard === "osaii-2026");
  if (verdict === undefined) {
    throw new AjarError("BAD_OPTION", "the report has no verdict of the index", {
      subject: "osaii-yaml",
      hint: "Audit again without --standard, or with --standard osaii.",
    });
  }
  const phrases = new Phrases("en");
  const links = new Map(report.evidence.map(({ id, path }) => [id, path]));
  const dimensions = verdict.criteria.map(
    (criterion) => [criterion.id.replace(PREFIX, ""), dimensionOf(criterion, links, phrases)] as const,
  );
  const unknown = verdict.criteria.flatMap(({ id, range }) => (range === undefined ? [] : [[id.replace(PREFIX, ""), range] as const]));
  const record = {
    system: { name: safeText(report.target.ref), link: "", notes: "" },
    ...Object.fromEntries(dimensions),
    ajar: { digest: report.target.digest, unknown: Object.fromEntries(unknown) },
  };
  return recordHeader(report) + stringify(record, { lineWidth: 0 });
}

/** The class is left empty where the release does not settle it: the index has no word for that. */
function dimensionOf(
  { level, because }: CriterionResult,
  links: ReadonlyMap<string, string>,
  phrases: Phrases,
): Record<string, string | null> {
  const [first] = because.flatMap((message) => message.evidence ?? []);
  const path = first === undefined ? "" : (links.get(first) ?? "");
  return { class: level ?? null, link: safeText(path), notes: because.map((message) => phrases.tell(message)).join(" ") };
}
