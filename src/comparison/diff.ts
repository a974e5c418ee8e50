// What changed between two reports, cell by cell.
import { COMPONENT_IDS } from "../core/component.ts";
import { evidenceById, findingFingerprint } from "../core/fingerprint.ts";
import type { ComponentReport, CriterionResult, FindingReport, Report, Verdict } from "../core/report.ts";
import { compareText } from "../core/text.ts";
import { availabilityDirection, type Direction, levelDirection, opennessDirection, outcomeDirection, wordDirection } from "./ranks.ts";

export type ChangeArea = "headline" | "verdict" | "criterion" | "component" | "license" | "finding" | "coverage" | "file";

/** One cell that differs. `null` stands for a cell that is not there. */
export interface Change {
  readonly area: ChangeArea;
  /** Criterion, component, standard, license, rule or path. */
  readonly id: string;
  /** What of it: `availability`, `openness`, `licenses`, `result`, `level`, `digest` … */
  readonly aspect: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly direction: Direction;
}

export interface Difference {
  readonly old: { readonly ref: string; readonly digest: string; readonly rules: string };
  readonly new: { readonly ref: string; readonly digest: string; readonly rules: string };
  /** Other rules or another version of Ajar may answer differently about the same files. */
  readonly sameRules: boolean;
  readonly sameTarget: boolean;
  readonly changes: readonly Change[];
}

/** Changes in a fixed order: by area as listed, then by id. */
export function diffReports(before: Report, after: Report): Difference {
  return {
    old: identityOf(before),
    new: identityOf(after),
    sameRules: before.tool.rules === after.tool.rules && before.tool.version === after.tool.version,
    sameTarget: before.target.digest === after.target.digest,
    changes: [
      ...headlineChanges(before, after),
      ...verdictChanges(before, after),
      ...componentChanges(before, after),
      ...licenseChanges(before, after),
      ...findingChanges(before, after),
      ...coverageChanges(before, after),
      ...fileChanges(before, after),
    ],
  };
}

function identityOf({ target, tool }: Report): Difference["old"] {
  return { ref: target.ref, digest: target.digest, rules: tool.rules };
}

function headlineChanges({ headline: a }: Report, { headline: b }: Report): readonly Change[] {
  return [
    ...changed("headline", "word", "word", a.word, b.word, wordDirection(a.word, b.word)),
    ...changed("headline", "label", "label", a.label, b.label, wordDirection(a.word, b.word)),
  ];
}

function changed(
  area: ChangeArea,
  id: string,
  aspect: string,
  from: string | null,
  to: string | null,
  direction: Direction,
): readonly Change[] {
  return from === to ? [] : [{ area, id, aspect, from, to, direction }];
}

function verdictKey({ standard, profile }: Verdict): string {
  return profile === undefined ? standard : `${standard} ${profile}`;
}

function verdictChanges(before: Report, after: Report): readonly Change[] {
  const pairs = paired(before.verdicts, after.verdicts, verdictKey);
  return pairs.flatMap(([id, a, b]): readonly Change[] => {
    // A standard that only one side was judged by is a choice of options, not a change of the release.
    if (a === undefined || b === undefined) return [];
    return [
      ...changed("verdict", id, "result", a.result, b.result, outcomeDirection(a.result, b.result)),
      ...changed("verdict", id, "level", a.level ?? null, b.level ?? null, outcomeDirection(a.result, b.result)),
      ...criterionChanges(a, b),
    ];
  });
}

function criterionChanges(a: Verdict, b: Verdict): readonly Change[] {
  const name = ({ id }: CriterionResult): string => (a.profile === undefined ? id : `${id} (${a.profile})`);
  return paired(a.criteria, b.criteria, name).flatMap(([id, from, to]): readonly Change[] => {
    if (from === undefined || to === undefined) {
      return [{ area: "criterion", id, aspect: "result", from: from?.result ?? null, to: to?.result ?? null, direction: "changed" }];
    }
    return [
      ...changed("criterion", id, "result", from.result, to.result, outcomeDirection(from.result, to.result)),
      ...changed("criterion", id, "level", from.level ?? null, to.level ?? null, levelDirection(from.level, to.level)),
    ];
  });
}

function componentChanges(before: Report, after: Report): readonly Change[] {
  const find = (report: Report, id: string): ComponentReport | undefined => report.components.find((one) => one.id === id);
  return COMPONENT_IDS.flatMap((id): readonly Change[] => {
    const [a, b] = [find(before, id), find(after, id)];
    if (a === undefined || b === undefined) return [];
    return [
      ...changed("component", id, "availability", a.availability, b.availability, availabilityDirection(a.availability, b.availability)),
      ...changed("component", id, "openness", a.openness, b.openness, opennessDirection(a.openness, b.openness)),
      ...changed("component", id, "licenses", list(a.licenses), list(b.licenses), opennessDirection(a.openness, b.openness)),
      ...changed("component", id, "partial", String(a.partial), String(b.partial), a.partial ? "better" : "worse"),
    ];
  });
}

function list(items: readonly string[]): string {
  return [...items].sort(compareText).join(", ");
}

/** License texts by the file they stand in: another digest under the same name is the change that lawyers look for. */
function licenseChanges(before: Report, after: Report): readonly Change[] {
  const texts = (report: Report): ReadonlyMap<string, string> => {
    const byId = evidenceById(report);
    const found = report.licenses.filter(({ statement, thirdParty }) => statement === "text" && thirdParty !== true);
    return new Map(
      found.flatMap(({ id, evidence }) => evidence.flatMap((piece) => (byId.has(piece) ? [[byId.get(piece)?.path ?? "", id]] : []))),
    );
  };
  const [a, b] = [texts(before), texts(after)];
  return union(a.keys(), b.keys()).flatMap((path) =>
    changed("license", path, "license", a.get(path) ?? null, b.get(path) ?? null, "changed"),
  );
}

function findingChanges(before: Report, after: Report): readonly Change[] {
  const prints = (report: Report): ReadonlyMap<string, FindingReport> => {
    const byId = evidenceById(report);
    return new Map(report.findings.map((finding) => [findingFingerprint(finding, byId), finding]));
  };
  const [a, b] = [prints(before), prints(after)];
  const gone = [...a].filter(([print]) => !b.has(print)).map(([, finding]) => findingChange(finding, "gone"));
  const added = [...b].filter(([print]) => !a.has(print)).map(([, finding]) => findingChange(finding, "new"));
  return [...added, ...gone].sort((x, y) => compareText(x.id, y.id) || compareText(x.aspect, y.aspect));
}

/** A finding for information is a remark: with it a release is neither better nor worse. */
function findingChange({ ruleId, severity, path = "" }: FindingReport, what: "new" | "gone"): Change {
  const told = what === "new" ? { from: null, to: severity } : { from: severity, to: null };
  const direction = severity === "info" ? "changed" : what === "new" ? "worse" : "better";
  return { area: "finding", id: ruleId, aspect: path, ...told, direction };
}

function coverageChanges({ coverage: a }: Report, { coverage: b }: Report): readonly Change[] {
  return changed("coverage", "complete", "complete", String(a.complete), String(b.complete), b.complete ? "better" : "worse");
}

/** Files that evidence names, by digest. */
function fileChanges(before: Report, after: Report): readonly Change[] {
  const digests = (report: Report): ReadonlyMap<string, string> =>
    new Map(report.evidence.filter(({ path }) => path !== "").map(({ path, digest }) => [path, digest]));
  const [a, b] = [digests(before), digests(after)];
  return union(a.keys(), b.keys()).flatMap((path) => changed("file", path, "digest", a.get(path) ?? null, b.get(path) ?? null, "changed"));
}

function union(a: Iterable<string>, b: Iterable<string>): readonly string[] {
  return [...new Set([...a, ...b])].sort(compareText);
}

/** Items of two lists by key, in the order of the first list, then what only the second has. */
function paired<T>(
  a: readonly T[],
  b: readonly T[],
  key: (item: T) => string,
): readonly (readonly [string, T | undefined, T | undefined])[] {
  const [left, right] = [new Map(a.map((item) => [key(item), item])), new Map(b.map((item) => [key(item), item]))];
  return [...new Set([...left.keys(), ...right.keys()])].map((id) => [id, left.get(id), right.get(id)]);
}
