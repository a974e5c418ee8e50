// What `ajar digest` shows: what each target is by its bytes, and how two of them relate.
import type {
  DigestedFile,
  IdentityComparison,
  IdentityRelation,
  ReleaseIdentity,
  RootDigest,
  WeightSet,
  Withheld,
} from "../core/identity.ts";
import type { FindingReport, Report } from "../core/report.ts";
import { toJson } from "./json.ts";
import { lookup } from "./messages.ts";
import type { Tone } from "./paint.ts";
import type { ReportOptions } from "./report-options.ts";
import { safeText } from "./safe-text.ts";
import { SEVERITY_MARKS } from "./table/marks.ts";
import { Sheet } from "./table/sheet.ts";

/** Name of the JSON's form; it changes when a key changes its meaning. */
const FORMAT = "ajar-digest/1";

export interface IdentityView {
  readonly targets: readonly { readonly identity: ReleaseIdentity; readonly findings: readonly FindingReport[] }[];
  /** Of the first two targets. */
  readonly comparison: IdentityComparison | null;
}

export function identityJson({ targets, comparison }: IdentityView): string {
  const told = targets.map(({ identity, findings }) => ({ ...identity, findings }));
  return toJson({ format: FORMAT, targets: told, ...(comparison === null ? {} : { comparison }) });
}

export function identityTable({ targets, comparison }: IdentityView, options: ReportOptions): string {
  const sheet = new Sheet(options);
  for (const [index, { identity, findings }] of targets.entries()) {
    if (index > 0) sheet.line();
    oneTarget(sheet, identity, findings, comparison === null || options.verbose);
  }
  if (comparison !== null) compared(sheet, comparison);
  return sheet.toString();
}

function oneTarget(sheet: Sheet, identity: ReleaseIdentity, findings: readonly FindingReport[], isFull: boolean): void {
  sheet.line(sheet.paint("strong", safeText(identity.ref)));
  root(sheet, identity.root);
  weights(sheet, identity);
  if (findings.length > 0) {
    sheet.heading("identity.findings");
    for (const { severity, message, path } of findings) {
      const { symbol, tone } = SEVERITY_MARKS[severity];
      const sentence = sheet.tell(message);
      sheet.block(path === undefined ? sentence : sheet.pair(safeText(path), sentence), 4, `  ${sheet.paint(tone, symbol.trim())} `);
    }
  }
  if (!isFull) return;
  if (identity.sets.length > 0) sheet.heading("identity.sets");
  for (const set of identity.sets) oneSet(sheet, set);
  if (identity.files.length > 0) sheet.heading("identity.files");
  for (const file of identity.files) oneFile(sheet, file);
}

/** What the sources of an audit are by their bytes; nothing where nobody asked. */
export function auditIdentity(sheet: Sheet, { identity = [] }: Pick<Report, "identity">): void {
  if (identity.length > 0) sheet.heading("identity.heading");
  for (const source of identity) {
    if (identity.length > 1) sheet.line(`  ${safeText(source.ref)}`);
    root(sheet, source.root);
    weights(sheet, source);
  }
}

function root(sheet: Sheet, { sha256, files, basis, ignored, byPathSegment, withheld }: RootDigest): void {
  const label = sheet.word("identity.root");
  if (sha256 === null) {
    const reason = withheld === undefined ? sheet.word("identity.no-digest") : reasonOf(sheet, withheld);
    sheet.block(sheet.pair(label, sheet.say("identity.no-root", { reason })), 2, "", "unsure");
    return;
  }
  sheet.line(`  ${sheet.pair(label, `sha256:${sha256}`)}`);
  const stated = basis === "stated" ? [sheet.word("identity.root-stated")] : [];
  sheet.block(sheet.clauses([sheet.say("identity.root-files", { count: files }), ...stated]), 4, "", "faint");
  if (ignored.length > 0) sheet.block(sheet.say("identity.left-out", { paths: ignored.map(safeText).join(", ") }), 4, "", "faint");
  if (byPathSegment !== undefined) sheet.block(sheet.say("identity.root-segments", { digest: `sha256:${byPathSegment}` }), 4, "", "faint");
}

function weights(sheet: Sheet, { weights: told }: ReleaseIdentity): void {
  const label = sheet.word("identity.weights");
  if (told === null) {
    sheet.block(sheet.pair(label, sheet.word("identity.no-weights")), 2, "", "faint");
    return;
  }
  const { sha256, tensors, distinct, elements } = told;
  if (sha256 === null) sheet.block(sheet.pair(label, sheet.word("identity.no-digest")), 2, "", "unsure");
  else sheet.line(`  ${sheet.pair(label, `sha256:${sha256}`)}`);
  sheet.block(sheet.say("identity.weights-count", { tensors, distinct, elements }), 4, "", "faint");
}

function oneSet(sheet: Sheet, set: WeightSet): void {
  const { id, format, tensors, elements, aliases, counts, undigested } = set;
  sheet.line(`  ${set.sha256 ?? sheet.paint("unsure", sheet.word("identity.no-digest"))}  ${safeText(id)}`);
  const remarks = [
    sheet.say("identity.set-count", { format, tensors, elements }),
    aliases === 0 ? "" : sheet.say("identity.aliases", { count: aliases }),
    counts ? "" : sheet.word("identity.not-counted"),
  ];
  sheet.block(sheet.clauses(remarks), 4, "", "faint");
  for (const [reason, count] of Object.entries(undigested)) {
    sheet.block(
      sheet.say("identity.undigested", { count: count ?? 0, reason: sheet.word(`identity.undigested.${reason}`) }),
      4,
      "",
      "unsure",
    );
  }
  for (const { name, dtype, shape, sha256 } of set.list ?? []) {
    sheet.line(`    ${sha256}  ${safeText(name)}  ${safeText(dtype)} [${shape.join(", ")}]`);
  }
}

function oneFile(sheet: Sheet, { path, sha256, basis, claimedSha256, withheld }: DigestedFile): void {
  if (sha256 === null) {
    const reason = withheld === undefined ? sheet.word("identity.no-digest") : reasonOf(sheet, withheld);
    sheet.block(sheet.pair(safeText(path), sheet.say("identity.withheld", { reason })), 4, "  ? ", "unsure");
    return;
  }
  const isStated = basis === "stated";
  const differs = claimedSha256 !== undefined && claimedSha256 !== sha256;
  const note = isStated
    ? sheet.word("identity.basis.stated")
    : differs
      ? sheet.say("identity.basis.claimed", { digest: claimedSha256 })
      : "";
  sheet.line(`  ${sha256}  ${sheet.note(safeText(path), note)}`);
}

function reasonOf(sheet: Sheet, { code, detail = "" }: Withheld): string {
  const id = `identity.reason.${code}`;
  return lookup(id, sheet.options.language) === undefined
    ? sheet.say("identity.reason.error", { code, detail })
    : sheet.say(id, { detail });
}

const TONES: Readonly<Record<IdentityRelation, { readonly symbol: string; readonly tone: Tone }>> = {
  identical: { symbol: "✓", tone: "good" },
  "same-weights": { symbol: "✓", tone: "good" },
  "same-tensors": { symbol: "~", tone: "good" },
  overlapping: { symbol: "~", tone: "bad" },
  different: { symbol: "✗", tone: "bad" },
  unknown: { symbol: "?", tone: "unsure" },
};
const SHOWN_CHANGES = 20;

function compared(sheet: Sheet, { relation, tensors, files, changed }: IdentityComparison): void {
  const { symbol, tone } = TONES[relation];
  sheet.line();
  sheet.block(sheet.word(`identity.relation.${relation}`), 4, `  ${sheet.paint(tone, symbol)} `);
  sheet.block(sheet.say("identity.compared-tensors", tensors), 4, "", "faint");
  sheet.block(sheet.say("identity.compared-files", files), 4, "", "faint");
  sheet.some(changed, SHOWN_CHANGES, 4, (path) => sheet.block(sheet.say("identity.changed", { path }), 4, "  ~ ", "unsure"));
}
