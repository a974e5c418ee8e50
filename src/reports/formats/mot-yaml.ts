// A record of the Model Openness Tool (framework 1.0, mof_schema.json of lfai/model_openness_tool), as the profile mof-mot saw the release.
import { stringify } from "yaml";
import { AjarError } from "../../core/errors.ts";
import type { CriterionResult, Report } from "../../core/report.ts";
import type { Format } from "../format.ts";
import { Phrases } from "../phrases.ts";
import { recordHeader } from "../record-header.ts";
import { safeText } from "../safe-text.ts";

const UNLISTED = "standards.mot.unlisted";
const STANDS_IN = "standards.mot.stands-in";
/** The tool lets a listed paper stand in for the report by itself. */
const REPORT = "mof/technical-report";
/** The tool's own schema refuses more. */
const TYPE = "other";

export const format: Format = { id: "mot-yaml", extensions: [".mot.yml", ".mot.yaml"], render };

function render(report: Report): string {
  const verdict = report.verdicts.find(({ standard, profile }) => standard === "mof" && profile === "mof-mot");
  if (verdict === undefined) {
    throw new AjarError("BAD_OPTION", "the report has no verdict of the profile mof-mot", {
      subject: "mot-yaml",
      hint: "Audit again without --standard, or with --standard mof.",
    });
  }
  const phrases = new Phrases("en");
  const components = verdict.criteria.flatMap((criterion) => componentOf(criterion, phrases));
  const unknown = verdict.criteria
    .filter(({ id, result }) => result === "unknown" && id !== REPORT)
    .flatMap((one) => entryOf(one)?.name ?? []);
  const record = {
    framework: { name: "Model Openness Framework", version: "1.0", date: "2024-12-15" },
    release: {
      name: safeText(report.target.ref),
      version: safeText(report.target.sources[0]?.revision ?? ""),
      type: TYPE,
      producer: "",
      license: {},
      components,
    },
    ajar: { digest: report.target.digest, unknown },
  };
  return recordHeader(report) + stringify(record, { lineWidth: 0 });
}

interface Entry {
  readonly name: string;
  readonly license: string;
  readonly listed: boolean;
}

/** What the verdict says of the component in the record's own words. */
function entryOf({ because }: CriterionResult): Entry | null {
  const message = because.find(({ id }) => id.startsWith("standards.mot."));
  const name = message?.args?.["name"];
  if (message === undefined || name === undefined) return null;
  const listed = message.id !== UNLISTED && message.id !== STANDS_IN;
  return { name: String(name), license: String(message.args?.["license"] ?? ""), listed };
}

function componentOf(criterion: CriterionResult, phrases: Phrases): readonly Record<string, string>[] {
  const entry = entryOf(criterion);
  if (entry === null || !entry.listed) return [];
  const reasons = criterion.because.map((message) => phrases.tell(message)).join(" ");
  return [{ name: entry.name, description: reasons, license: entry.license }];
}
