// SARIF 2.1.0 (OASIS, 27 March 2020) as code scanning reads it: findings only, one result a rule and file.
// Limits of code scanning: 5,000 results shown of a run, 25,000 accepted, 10 MB a file when packed.
import type { Artifact, Location, Log, Notification, PhysicalLocation, ReportingDescriptor, Result, Run } from "sarif";
import type { Evidence, Span } from "../../core/evidence.ts";
import { evidenceById, findingFingerprint } from "../../core/fingerprint.ts";
import type { FindingReport, Report, Severity } from "../../core/report.ts";
import { compareText } from "../../core/text.ts";
import type { Format } from "../format.ts";
import { toJson } from "../json.ts";
import { lookup } from "../messages.ts";
import { Phrases } from "../phrases.ts";
import { policyFindings } from "../policy-findings.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const MAX_RESULTS = 5000;
/** Places named in one result; more say the same. */
const MAX_LOCATIONS = 10;
const MAX_NOTIFICATIONS = 100;

const LEVELS: Readonly<Record<Severity, Result.level>> = { critical: "error", high: "error", medium: "warning", low: "note", info: "note" };
/** Code scanning ranks by this number: over 9 critical, over 7 high, over 4 medium. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0", info: "0.0" };

export const format: Format = {
  id: "sarif",
  extensions: [".sarif", ".sarif.json"],
  render: (report, options) => log([report], options),
  renderMany: log,
};

function log(reports: readonly Report[], options: ReportOptions): string {
  const document: Log = { $schema: SCHEMA, version: "2.1.0", runs: reports.map((report) => runOf(report, new Phrases(options.language))) };
  return toJson(document);
}

function runOf(report: Report, phrases: Phrases): Run {
  const groups = grouped([...policyFindings(report), ...report.findings]);
  const shown = groups.slice(0, MAX_RESULTS);
  const ruleIds = [...new Set(shown.map(([first]) => first.ruleId))].sort(compareText);
  const byId = evidenceById(report);
  return {
    tool: {
      driver: {
        name: "Ajar",
        version: report.tool.version,
        semanticVersion: report.tool.version,
        rules: ruleIds.map((id) => ruleOf(id, severityOf(id, shown), phrases)),
      },
    },
    automationDetails: { id: `ajar/${report.target.digest}` },
    columnKind: "unicodeCodePoints",
    language: phrases.language,
    invocations: [
      {
        executionSuccessful: report.coverage.complete,
        toolExecutionNotifications: notifications(report, groups.length - shown.length, phrases),
      },
    ],
    artifacts: artifactsOf(shown, byId),
    results: shown.map((group) => resultOf(group, ruleIds, byId, phrases)),
    properties: {
      target: report.target.ref,
      digest: report.target.digest,
      rules: report.tool.rules,
      word: report.headline.word,
      label: report.headline.label,
      verdicts: report.verdicts.map(({ standard, profile, result, level }) => ({ standard, profile, result, level })),
    },
  };
}

type Group = readonly [FindingReport, ...FindingReport[]];

/** Findings of one rule in one file, in the order of the report, which is by severity. */
function grouped(findings: readonly FindingReport[]): readonly Group[] {
  const groups = new Map<string, FindingReport[]>();
  for (const finding of findings) {
    const key = `${finding.ruleId}\0${finding.path ?? ""}\0${JSON.stringify(finding.setAside ?? null)}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap(([first, ...others]): readonly Group[] => (first === undefined ? [] : [[first, ...others]]));
}

function severityOf(ruleId: string, groups: readonly Group[]): Severity {
  return groups.find(([first]) => first.ruleId === ruleId)?.[0].severity ?? "info";
}

function ruleOf(id: string, severity: Severity, { language }: Phrases): ReportingDescriptor {
  const title = lookup(`finding.${id}`, language) ?? id;
  const means = lookup(`finding.${id}.means`, language);
  const remedy = lookup(`finding.${id}.do`, language);
  return {
    id,
    shortDescription: { text: title },
    ...(means === undefined ? {} : { fullDescription: { text: means } }),
    ...(remedy === undefined ? {} : { help: { text: remedy } }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { "security-severity": SECURITY_SEVERITY[severity], tags: ["ajar", id.split("/")[0] ?? id] },
  };
}

function resultOf(group: Group, ruleIds: readonly string[], byId: ReadonlyMap<string, Evidence>, phrases: Phrases): Result {
  const [first, ...others] = group;
  const pieces = [...new Set(group.flatMap(({ evidence }) => evidence))].flatMap((id) => byId.get(id) ?? []);
  const sentence = phrases.tell(first.message);
  const more = others.length === 0 ? "" : ` (${phrases.say("report.more-places", { count: others.length })})`;
  const locations = pieces.filter(({ path }) => path !== "").slice(0, MAX_LOCATIONS);
  return {
    ruleId: first.ruleId,
    ruleIndex: ruleIds.indexOf(first.ruleId),
    level: LEVELS[first.severity],
    message: { text: sentence + more },
    locations: locations.length === 0 ? [fileLocation(first.path ?? "")] : locations.map(locationOf),
    ...suppressionOf(first, phrases),
    occurrenceCount: group.length,
    partialFingerprints: { "ajarFinding/v1": findingFingerprint(first, byId) },
    properties: { severity: first.severity, evidence: pieces.slice(0, MAX_LOCATIONS).map(({ id, digest }) => ({ id, digest })) },
  };
}

/** A baseline is SARIF's own idea; a decision is a suppression from outside the code. */
function suppressionOf({ setAside }: FindingReport, phrases: Phrases): Pick<Result, "baselineState" | "suppressions"> {
  if (setAside === undefined) return {};
  if (setAside.by === "baseline") return { baselineState: "unchanged" };
  return { suppressions: [{ kind: "external", status: "accepted", justification: phrases.setAside(setAside) }] };
}

function fileLocation(path: string): Location {
  return { physicalLocation: { artifactLocation: { uri: uriOf(path === "" ? "." : path) } } };
}

function locationOf({ path, span, quote }: Evidence): Location {
  const region = span === undefined ? undefined : regionOf(span);
  const physicalLocation: PhysicalLocation = {
    artifactLocation: { uri: uriOf(path) },
    ...(region === undefined ? {} : { region: quote === undefined ? region : { ...region, snippet: { text: safeText(quote) } } }),
  };
  return { physicalLocation };
}

function regionOf(span: Span): PhysicalLocation["region"] {
  switch (span.kind) {
    case "lines":
      return { startLine: span.start, endLine: span.end };
    case "bytes":
      return { byteOffset: span.start, byteLength: span.end - span.start };
    case "pointer":
      return undefined;
  }
}

/** A relative reference: every segment encoded, so that no path can become an address of its own. */
function uriOf(path: string): string {
  const uri = path
    .split("/")
    .map((segment) => encodeURIComponent(segment.toWellFormed()))
    .join("/");
  return uri.startsWith("/") ? `.${uri}` : uri;
}

function artifactsOf(groups: readonly Group[], byId: ReadonlyMap<string, Evidence>): Artifact[] {
  const digests = new Map<string, string>();
  for (const group of groups)
    for (const id of group.flatMap(({ evidence }) => evidence)) {
      const piece = byId.get(id);
      if (piece?.digest.startsWith("sha256:") === true && piece.path !== "") digests.set(piece.path, piece.digest.slice("sha256:".length));
    }
  return [...digests]
    .sort(([a], [b]) => compareText(a, b))
    .map(([path, digest]) => ({ location: { uri: uriOf(path) }, hashes: { "sha-256": digest } }));
}

function notifications(report: Report, cut: number, phrases: Phrases): Notification[] {
  const unread = report.coverage.skipped.filter(({ partial }) => partial).slice(0, MAX_NOTIFICATIONS);
  const notes = unread.map(({ path, reason, detail }): Notification => {
    const words = phrases.note(phrases.word(`reason.${reason}`), phrases.detail(detail));
    return { level: "warning", message: { text: phrases.pair(safeText(path), words) }, locations: [fileLocation(path)] };
  });
  return cut === 0 ? notes : [{ level: "warning", message: { text: phrases.say("report.more", { count: cut }) } }, ...notes];
}
